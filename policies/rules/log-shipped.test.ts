import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { ecsContainer, taskDefinition } from "../testing/fixtures.ts";
import { app, ecs } from "../testing/monitoring.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";

const POLICY = "log-shipped";
const options = { "awslogs-group": "/shop/prod/api" };
const at = (index: number, path: string, found: string) =>
  `mandatory containerDefinitions[${index}].logConfiguration.${path}: ${found}`;
const judge = (logConfiguration: unknown, parameters = {}) =>
  verdict(POLICY, taskDefinition([ecsContainer({ logConfiguration })]), { [POLICY]: { parameters } });

describe("POL-LOG-SHIPPED (WS-SEC-31, EB-SEC-40, AR-SEC-39, CC-SEC-19, CC-SEC-26, RB-SEC-05)", () => {
  it("accepts drivers that bring lines away, as the configuration says", async () => {
    assert.deepEqual(await judge({ logDriver: "awslogs", options }), []);
    for (const logDriver of ["splunk", "fluentd", "gelf", "syslog"]) {
      assert.deepEqual(await judge({ logDriver }), [], logDriver);
    }
    assert.deepEqual(await judge({ logDriver: "journald" }), [at(0, "logDriver", '"journald"')]);
    assert.deepEqual(await judge({ logDriver: "journald" }, { drivers: ["journald"] }), []);
  });

  it("rejects a container without a log configuration, an essential one or not", async () => {
    assert.deepEqual(await judge(undefined), [at(0, "logDriver", "nothing")]);
    assert.deepEqual(await judge({}), [at(0, "logDriver", "nothing")]);
    const containers = [
      ecsContainer({ logConfiguration: { logDriver: "awslogs", options } }),
      ecsContainer({ name: "init", essential: false, logConfiguration: undefined }),
    ];
    assert.deepEqual(await verdict(POLICY, taskDefinition(containers)), [at(1, "logDriver", "nothing")]);
  });

  it("demands a router beside FireLens, and a group of awslogs", async () => {
    assert.deepEqual(await judge({ logDriver: "awsfirelens" }), [
      at(0, "logDriver", '"awsfirelens" in a task without a router'),
    ]);
    const routed = [
      ecsContainer({ logConfiguration: { logDriver: "awsfirelens" } }),
      ecsContainer({
        firelensConfiguration: { type: "fluentbit" },
        logConfiguration: { logDriver: "awslogs", options },
      }),
    ];
    assert.deepEqual(await verdict(POLICY, taskDefinition(routed)), []);
    const group = "options.awslogs-group";
    assert.deepEqual(await judge({ logDriver: "awslogs" }), [at(0, group, "nothing")]);
    assert.deepEqual(await judge({ logDriver: "awslogs", options: { "awslogs-group": "" } }), [at(0, group, '""')]);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await verdict(POLICY, taskDefinition(UNKNOWN)), ["advisory not evaluated: containerDefinitions"]);
    assert.deepEqual(await judge({ logDriver: UNKNOWN }), [
      "advisory not evaluated: containerDefinitions[0].logConfiguration.logDriver",
    ]);
  });

  describe("in a cluster", () => {
    const fluent = (
      image = "images.local/fluent-bit:4.2.1",
      pod: object = {},
      kind: "DaemonSet" | "Deployment" = "DaemonSet",
    ) => app("shop", { image }, { name: "logs", kind, pod: { volumes: [{ hostPath: { path: "/var/log" } }], ...pod } });
    const stack = (...resources: Parameters<typeof stackVerdict>[1]) => stackVerdict(POLICY, resources);
    const none = (system: string) => [`mandatory the resource itself: no log collector in the stack of ${system}`];

    it("demands a collector of the systems that bring their own", async () => {
      for (const system of ["ecommerce-bot", "archesai", "ccl", "retail-brain"]) {
        assert.deepEqual(await stack(app(system)), none(system));
        assert.deepEqual(await stack(app(system), fluent()), []);
      }
      assert.deepEqual(await stack(app("worldstore")), []);
      const config = { [POLICY]: { parameters: { collector: { default: true, shop: false } } } };
      assert.deepEqual(await stackVerdict(POLICY, [app("worldstore")], config), none("worldstore"));
      assert.deepEqual(await stackVerdict(POLICY, [app("shop")], config), []);
    });

    it("demands none of stacks on ECS and of jobs", async () => {
      const logged = ecs("retail-brain", [ecsContainer({ logConfiguration: { logDriver: "awslogs", options } })]);
      assert.deepEqual(await stack(...logged), []);
      assert.deepEqual(await stack(app("retail-brain", {}, { kind: "Job" })), []);
    });

    it("knows collectors by their images", async () => {
      for (const image of [
        "grafana/promtail:3",
        "timberio/vector:0.50",
        "cr.fluentbit.io/fluent/fluent-bit@sha256:00",
      ]) {
        assert.deepEqual(await stack(app("retail-brain"), fluent(image)), [], image);
      }
      assert.deepEqual(await stack(app("retail-brain"), fluent("my-vectors:1")), none("retail-brain"));
    });

    it("demands that a collector on every node sees its logs", async () => {
      const volumes = (path: unknown) => fluent(undefined, { volumes: [{ hostPath: { path } }] });
      for (const path of ["/var/log", "/var/log/", "/var/log/pods", "/var/log/containers", "/var", "/"]) {
        assert.deepEqual(await stack(volumes(path)), [], path);
      }
      const blind = ["mandatory spec.template.spec.volumes: no volume with the logs of the node"];
      assert.deepEqual(await stack(volumes("/var/lib")), blind);
      assert.deepEqual(await stack(fluent(undefined, { volumes: undefined })), blind);
      assert.deepEqual(await stack(volumes(UNKNOWN)), [
        "advisory not evaluated: spec.template.spec.volumes[0].hostPath.path",
      ]);
      assert.deepEqual(await stack(fluent(undefined, { volumes: UNKNOWN })), [
        "advisory not evaluated: spec.template.spec.volumes",
      ]);
      assert.deepEqual(await stack(fluent(undefined, { volumes: [] }, "Deployment")), []);
    });

    it("misses no collector while images are not known yet", async () => {
      const open = "advisory not evaluated: spec.template.spec.containers[0].image";
      assert.deepEqual(await stack(app("retail-brain"), fluent(UNKNOWN)), [open]);
      const other = app("retail-brain", { image: UNKNOWN });
      assert.deepEqual(await stack(other), none("retail-brain"));
    });
  });
});
