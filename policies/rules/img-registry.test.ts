import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { container, deployment, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";

const POLICY = "img-registry";
const IMAGE = "spec.template.spec.containers[0].image";
const ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

const image = (value: unknown, parameters = {}) =>
  verdict(POLICY, deployment({ image: value }), { [POLICY]: { parameters } });

describe("POL-IMG-REGISTRY (EB-SEC-28)", () => {
  it("accepts images of the allowed registries, by tag and by digest", async () => {
    for (const value of ["images.local/a:1", `${ECR}/shop/agent:1`, `${ECR}/agent@sha256:${"0a".repeat(32)}`]) {
      assert.deepEqual(await image(value), [], value);
    }
  });

  it("rejects other registries, those that only look alike, and Docker's when none is named", async () => {
    for (const value of [
      "agent:1",
      "library/agent:1",
      "docker.io/library/agent:1",
      "images.local",
      "images.local.example.com/agent:1",
      "images.local:5000/agent:1",
      `${ECR}.example.com/agent:1`,
      "evil/images.local/agent:1",
      "",
    ]) {
      assert.deepEqual(await image(value), [`mandatory ${IMAGE}: ${JSON.stringify(value)}`]);
    }
    assert.deepEqual(await image(undefined), [`mandatory ${IMAGE}: nothing`]);
  });

  it("rejects placeholders whatever is allowed, and retired programs wherever they are", async () => {
    const everything = { allowed: ["*"] };
    assert.deepEqual(await image("your-registry.com/agent:1", everything), [
      `mandatory ${IMAGE}: "your-registry.com/agent:1"`,
    ]);
    assert.deepEqual(await image("your-registry.com:5000/agent:1", everything), [
      `mandatory ${IMAGE}: "your-registry.com:5000/agent:1"`,
    ]);
    for (const value of ["registry.k8s.io/ingress-nginx/controller:v1.12.0", "ingress-nginx/controller"]) {
      assert.deepEqual(await image(value, everything), [`mandatory ${IMAGE}: ${JSON.stringify(value)}`]);
    }
    assert.deepEqual(await image("images.local/my-ingress-nginx/controller:1"), []);
    assert.deepEqual(await image("images.local/old:1", { retired: ["old"] }), [
      `mandatory ${IMAGE}: "images.local/old:1"`,
    ]);
  });

  it("takes hosts and starts of paths from its configuration", async () => {
    const parameters = { allowed: ["localhost:5000", "ghcr.io/shop/*"] };
    assert.deepEqual(await image("localhost:5000/agent:1", parameters), []);
    assert.deepEqual(await image("ghcr.io/shop/agent:1", parameters), []);
    assert.deepEqual(await image("ghcr.io/shop", parameters), [`mandatory ${IMAGE}: "ghcr.io/shop"`]);
    assert.deepEqual(await image("ghcr.io/shopper/agent:1", parameters), [
      `mandatory ${IMAGE}: "ghcr.io/shopper/agent:1"`,
    ]);
    assert.deepEqual(await image("localhost/agent:1", { allowed: ["localhost"] }), []);
    assert.deepEqual(await image("agent:1", { allowed: ["docker.io"], placeholders: ["other"] }), []);
    assert.deepEqual(await image("your-registry.com/a", { allowed: ["*"], placeholders: [] }), []);
  });

  it("reads every container, image volumes, ECS containers and functions, and goes on past what is not known yet", async () => {
    const spec = podSpec({
      containers: [container({ image: UNKNOWN }), container({ image: "a:1" })],
      initContainers: [{ image: "b:1" }],
      volumes: [
        { name: "m", image: { reference: "c:1" } },
        { name: "tmp", emptyDir: {} },
      ],
    });
    assert.deepEqual(await verdict(POLICY, workload(spec)), [
      'mandatory spec.template.spec.containers[1].image: "a:1"',
      'mandatory spec.template.spec.initContainers[0].image: "b:1"',
      'mandatory spec.template.spec.volumes[0].image.reference: "c:1"',
      "advisory not evaluated: spec.template.spec.containers[0].image",
    ]);
    assert.deepEqual(await verdict(POLICY, taskDefinition([ecsContainer({ image: "a:1" })])), [
      'mandatory containerDefinitions[0].image: "a:1"',
    ]);
    assert.deepEqual(await verdict(POLICY, taskDefinition(UNKNOWN)), ["advisory not evaluated: containerDefinitions"]);
    const lambda = (imageUri: unknown) =>
      verdict(POLICY, { type: "aws:lambda/function:Function", properties: { imageUri } });
    assert.deepEqual(await lambda(`${ECR}/operations:1`), []);
    assert.deepEqual(await lambda("a:1"), ['mandatory imageUri: "a:1"']);
    assert.deepEqual(await lambda(undefined), []);
    assert.deepEqual(await verdict(POLICY, { type: "aws:lambda/alias:Alias", properties: { imageUri: "a:1" } }), []);
  });
});
