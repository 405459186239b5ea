import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container, kubernetes } from "../testing/fixtures.ts";
import {
  app,
  aws,
  httpListener,
  httpsListener,
  ingress,
  listenerRule,
  loadBalancer,
  service,
  targetGroup,
} from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";

const POLICY = "admin-ports";
const PORTS = [6060, 9090, 5432, 6432, 6379, 6380, 26379, 27017, 14268, 11434];
const found = (...resources: TestResource[]) => stackVerdict(POLICY, resources);

describe("POL-ADMIN-PORTS (EB-SEC-30, EB-SEC-36, AR-SEC-41, CC-SEC-29)", () => {
  describe("security groups", () => {
    const rule = (properties: Record<string, unknown>) =>
      verdict(
        POLICY,
        aws("vpc/securityGroupIngressRule:SecurityGroupIngressRule", { ipProtocol: "tcp", ...properties }),
      );

    it("do not let the internet reach them", async () => {
      for (const port of PORTS) {
        const open = { cidrIpv4: "0.0.0.0/0", fromPort: port, toPort: port };
        assert.deepEqual(await rule(open), [`mandatory cidrIpv4: the internet on ${String(port)}`]);
        assert.deepEqual(await rule({ ...open, cidrIpv4: "10.0.0.0/8" }), []);
      }
      assert.deepEqual(await rule({ cidrIpv6: "::/0", fromPort: 6379, toPort: 6380 }), [
        "mandatory cidrIpv6: the internet on 6379, 6380",
      ]);
      assert.deepEqual(await rule({ cidrIpv4: "0.0.0.0/0", ipProtocol: "-1" }), [
        `mandatory cidrIpv4: the internet on ${PORTS.join(", ")}`,
      ]);
      assert.deepEqual(await rule({ cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 }), []);
      assert.deepEqual(await rule({ cidrIpv4: "0.0.0.0/0", ipProtocol: "icmp", fromPort: 0, toPort: 9090 }), []);
      assert.deepEqual(await rule({ cidrIpv4: UNKNOWN, fromPort: 9090, toPort: 9090 }), [
        "advisory not evaluated: cidrIpv4",
      ]);
    });

    it("may let traffic out to them", async () => {
      const egress = { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
      assert.deepEqual(await verdict(POLICY, aws("vpc/securityGroupEgressRule:SecurityGroupEgressRule", egress)), []);
    });
  });

  describe("load balancers", () => {
    it("do not listen on them, if they face the internet", async () => {
      for (const port of PORTS) {
        assert.deepEqual(await found(loadBalancer(), httpListener({ port })), [`mandatory port: ${String(port)}`]);
      }
      assert.deepEqual(await found(loadBalancer({ internal: true }), httpListener({ port: 9090 })), []);
      assert.deepEqual(await found(loadBalancer(), httpListener({ port: 8443 })), []);
      assert.deepEqual(await found(loadBalancer(), httpListener({ port: UNKNOWN })), ["advisory not evaluated: port"]);
    });

    it("do not serve their paths", async () => {
      const paths = (values: unknown) =>
        found(listenerRule(httpsListener(), targetGroup(), { conditions: [{ pathPattern: { values } }] }));
      for (const path of [
        "/debug/pprof",
        "/debug/pprof/*",
        "/debug/pprof/heap",
        "/api/monitoring*",
        "/api/monitoring/stats",
      ]) {
        assert.deepEqual(await paths(["/v1/*", path]), [`mandatory conditions[0].pathPattern.values[1]: "${path}"`]);
      }
      assert.deepEqual(await paths(["/api/monitoring/health", "/debug", "/api/monitoringx"]), []);
      assert.deepEqual(await paths(UNKNOWN), ["advisory not evaluated: conditions[0].pathPattern.values"]);
    });
  });

  describe("Services", () => {
    it("that are reached from outside have no such port, by number or by the pods' name of it", async () => {
      for (const type of ["NodePort", "LoadBalancer"]) {
        assert.deepEqual(await found(service({ type, ports: [{ port: 5432 }] })), [
          "mandatory spec.ports[0].port: 5432",
        ]);
        assert.deepEqual(await found(service({ type, ports: [{ port: 80, targetPort: 9090 }] })), [
          "mandatory spec.ports[0].targetPort: 9090",
        ]);
        const pods = app({}, [container({ ports: [{ name: "metrics", containerPort: 9090 }] })]);
        assert.deepEqual(await found(service({ type, ports: [{ port: 80, targetPort: "metrics" }] }), pods), [
          'mandatory spec.ports[0].targetPort: "metrics"',
        ]);
        assert.deepEqual(await found(service({ type, ports: [{ port: 80, targetPort: "http" }] }), app()), []);
      }
      assert.deepEqual(await found(service({ ports: [{ port: 5432 }] })), []);
      assert.deepEqual(await found(service({ type: "ClusterIP", ports: [{ port: 5432 }] })), []);
      assert.deepEqual(await found(service({ type: UNKNOWN, ports: [{ port: 5432 }] })), [
        "advisory not evaluated: spec.type",
      ]);
      assert.deepEqual(await found(service({ type: "NodePort", ports: UNKNOWN })), [
        "advisory not evaluated: spec.ports",
      ]);
    });

    it("of operators are not reached from outside", async () => {
      for (const name of ["grafana", "prometheus", "jaeger", "ollama-service"]) {
        const open = service({ type: "LoadBalancer", ports: [{ port: 80 }] }, name);
        assert.deepEqual(await found(open), ['mandatory spec.type: "LoadBalancer"']);
        assert.deepEqual(await found(service({}, name)), []);
      }
    });
  });

  describe("Ingresses and routes", () => {
    const backend = "spec.rules[0].http.paths[0].backend.service";

    it("do not serve their paths", async () => {
      for (const path of ["/debug/pprof", "/api/monitoring/stats"]) {
        assert.deepEqual(await found(ingress({}, {}, path)), [`mandatory spec.rules[0].http.paths[0].path: "${path}"`]);
      }
      assert.deepEqual(await found(ingress({}, {}, "/api/monitoring/health")), []);
      const route = kubernetes("gateway.networking.k8s.io/v1:HTTPRoute", {
        spec: { rules: [{ matches: [{ path: { value: "/debug/pprof" } }], backendRefs: [{ name: "api", port: 80 }] }] },
      });
      assert.deepEqual(await found(route), ['mandatory spec.rules[0].matches[0].path.value: "/debug/pprof"']);
    });

    it("do not lead to services of operators", async () => {
      const to = (name: unknown) =>
        ingress({
          rules: [{ http: { paths: [{ path: "/", backend: { service: { name, port: { number: 80 } } } }] } }],
        });
      assert.deepEqual(await found(to("grafana")), [`mandatory ${backend}.name: "grafana"`]);
      assert.deepEqual(await found(to("api")), []);
      assert.deepEqual(await found(to(UNKNOWN)), [`advisory not evaluated: ${backend}.name`]);
      const old = ingress({ rules: [{ http: { paths: [{ backend: { serviceName: "jaeger", servicePort: 80 } }] } }] });
      assert.deepEqual(await found(old), ['mandatory spec.rules[0].http.paths[0].backend.serviceName: "jaeger"']);
    });

    it("do not lead to their ports, however the Service names them", async () => {
      const to = (port: object) =>
        ingress({
          rules: [{ http: { paths: [{ path: "/", backend: { service: { name: "payment-server", port } } }] } }],
        });
      assert.deepEqual(await found(to({ number: 9090 })), [`mandatory ${backend}.port.number: 9090`]);
      const named = service({ ports: [{ name: "http", port: 9090 }] });
      assert.deepEqual(await found(ingress(), named), [`mandatory ${backend}.port.name: "http"`]);
      const hidden = service({ ports: [{ name: "http", port: 80, targetPort: 6060 }] });
      assert.deepEqual(await found(ingress(), hidden), [`mandatory ${backend}.port.name: "http"`]);
      const byName = service({ ports: [{ name: "http", port: 80, targetPort: "profiles" }] });
      const pods = app({}, [container({ ports: [{ name: "profiles", containerPort: 6060 }] })]);
      assert.deepEqual(await found(ingress(), byName, pods), [`mandatory ${backend}.port.name: "http"`]);
      assert.deepEqual(await found(ingress(), service(), app()), []);
    });

    it("take ports, paths and services from the configuration", async () => {
      const config = {
        [POLICY]: { parameters: { ports: [3000], paths: ["/v1"], openPaths: [], services: ["payment-server"] } },
      };
      assert.deepEqual(await stackVerdict(POLICY, [ingress(), service()], config), [
        'mandatory spec.rules[0].http.paths[0].path: "/v1"',
        `mandatory ${backend}.name: "payment-server"`,
        `mandatory ${backend}.port.name: "http"`,
      ]);
    });
  });
});
