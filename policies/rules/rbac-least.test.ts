import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { analyze, verdict } from "../testing/pack.ts";

const POLICY = "rbac-least";
const GROUP = "rbac.authorization.k8s.io/v1";

const READ = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] };
const role = (rule: Record<string, unknown>, kind = "Role") =>
  verdict(POLICY, kubernetes(`${GROUP}:${kind}`, { rules: [{ ...READ, ...rule }] }));
const binding = (roleName: unknown, subjects: unknown, parameters = {}, kind = "RoleBinding") =>
  verdict(POLICY, kubernetes(`${GROUP}:${kind}`, { roleRef: { name: roleName }, subjects }), {
    [POLICY]: { parameters },
  });
const account = { kind: "ServiceAccount", name: "prometheus", namespace: "worldstore" };

describe("POL-RBAC-LEAST (EB-SEC-24, AR-SEC-11)", () => {
  it("accepts roles that name what they grant, bound to one account", async () => {
    assert.deepEqual(await role({}), []);
    assert.deepEqual(await role({ resources: ["secrets"], verbs: ["get"], resourceNames: ["agent"] }), []);
    assert.deepEqual(await binding("pod-reader", [account]), []);
  });

  it("says what is wrong and what to do", async () => {
    const [report] = await analyze(
      kubernetes(`${GROUP}:ClusterRole`, { rules: [{ ...READ, verbs: ["*"] }] }, "reader"),
    );
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-RBAC-LEAST: RBAC without wildcards or cluster-admin",
        "  resource: reader (kubernetes:rbac.authorization.k8s.io/v1:ClusterRole)",
        "  property: rules[0].verbs[0]",
        '  found:    "*"',
        "  expected: verbs named one by one",
        "  fix:      Name the API groups, resources and verbs that the workload needs, and bind them to its own account.",
        "  required: EB-SEC-24, AR-SEC-11; NSA C-0002, C-0035, C-0059; CIS Kubernetes 5.1.1, 5.1.2, 5.1.3, 5.1.4, 5.1.5, 5.1.7, 5.1.8, 5.1.9, 5.1.10, 5.1.11, 5.1.12, 5.1.13",
        "  more:     docs/policies/rbac-least.md",
      ].join("\n"),
    );
  });

  it("rejects wildcards wherever a rule can have them", async () => {
    assert.deepEqual(await role({ apiGroups: ["*"], resources: ["*", "pods/*", "*/scale"], nonResourceURLs: ["*"] }), [
      'mandatory rules[0].apiGroups[0]: "*"',
      'mandatory rules[0].resources[0]: "*"',
      'mandatory rules[0].resources[1]: "pods/*"',
      'mandatory rules[0].resources[2]: "*/scale"',
      'mandatory rules[0].nonResourceURLs[0]: "*"',
    ]);
    assert.deepEqual(await role({ nonResourceURLs: ["/healthz/*"] }), []);
  });

  it("rejects rights that lead to further rights, and only with the verbs that matter", async () => {
    assert.deepEqual(await role({ verbs: ["bind", "impersonate", "escalate"] }), [
      'mandatory rules[0].verbs[0]: "bind"',
      'mandatory rules[0].verbs[1]: "impersonate"',
      'mandatory rules[0].verbs[2]: "escalate"',
    ]);
    assert.deepEqual(await role({ resources: ["secrets", "pods/exec"], verbs: ["create", "list"] }), [
      "mandatory rules[0].resources[0]: secrets with the verb list",
      "mandatory rules[0].resources[1]: pods/exec with the verb create",
    ]);
    assert.deepEqual(await role({ resources: ["pods"], verbs: ["create"] }), [
      "mandatory rules[0].resources[0]: pods with the verb create",
    ]);
    assert.deepEqual(await role({ resources: ["pods", "persistentvolumes"], verbs: ["delete"] }), []);
  });

  it("rejects bindings to admin roles, to everyone and to the default account", async () => {
    assert.deepEqual(await binding("cluster-admin", [account], {}, "ClusterRoleBinding"), [
      'mandatory roleRef.name: "cluster-admin"',
    ]);
    const groups = ["system:masters", "system:serviceaccounts:worldstore", "system:serviceaccountsx", "system:nodes"];
    assert.deepEqual(
      await binding(
        "pod-reader",
        groups.map((name) => ({ kind: "Group", name })),
      ),
      [
        'mandatory subjects[0].name: "system:masters"',
        'mandatory subjects[1].name: "system:serviceaccounts:worldstore"',
      ],
    );
    assert.deepEqual(await binding("pod-reader", [{ ...account, name: "default" }]), [
      'mandatory subjects[0].name: "default"',
    ]);
    assert.deepEqual(await binding("edit", [account], { deniedRoles: ["edit"] }), ['mandatory roleRef.name: "edit"']);
  });

  it("accepts roles without rules and bindings without subjects, which grant nothing", async () => {
    assert.deepEqual(await verdict(POLICY, kubernetes(`${GROUP}:Role`, {})), []);
    assert.deepEqual(await binding("pod-reader", undefined), []);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await role({ resources: UNKNOWN, verbs: ["*", UNKNOWN] }), [
      'mandatory rules[0].verbs[0]: "*"',
      "advisory not evaluated: rules[0].resources",
      "advisory not evaluated: rules[0].verbs[1]",
    ]);
    assert.deepEqual(await binding(UNKNOWN, [{ kind: "Group", name: "system:masters" }]), [
      'mandatory subjects[0].name: "system:masters"',
      "advisory not evaluated: roleRef.name",
    ]);
  });

  it("rejects reading secrets that are not named, and changing what the cluster accepts", async () => {
    const rules = (rule: Record<string, unknown>) =>
      verdict("rbac-least", {
        type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
        properties: { rules: [{ apiGroups: [""], ...rule }] },
      });
    assert.deepEqual(await rules({ resources: ["secrets"], verbs: ["get"], resourceNames: ["tls"] }), []);
    assert.deepEqual(await rules({ resources: ["secrets"], verbs: ["get"] }), [
      "mandatory rules[0].resources[0]: secrets with the verb get and no resourceNames",
    ]);
    assert.deepEqual(await rules({ resources: ["configmaps"], verbs: ["get"] }), []);
    for (const resource of ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"]) {
      for (const verb of ["create", "update", "patch", "delete"]) {
        assert.deepEqual(await rules({ resources: [resource], verbs: [verb] }), [
          `mandatory rules[0].resources[0]: ${resource} with the verb ${verb}`,
        ]);
      }
      assert.deepEqual(await rules({ resources: [resource], verbs: ["get"] }), []);
    }
  });

  it("rejects snippets that run with the rights of an ingress controller", async () => {
    const ingress = (annotations: unknown) =>
      verdict("rbac-least", {
        type: "kubernetes:networking.k8s.io/v1:Ingress",
        properties: { metadata: { annotations } },
      });
    assert.deepEqual(await ingress({ "nginx.ingress.kubernetes.io/rewrite-target": "/" }), []);
    assert.deepEqual(await ingress(undefined), []);
    for (const name of [
      "nginx.ingress.kubernetes.io/server-snippet",
      "nginx.ingress.kubernetes.io/configuration-snippet",
      "nginx.org/location-snippets",
    ]) {
      assert.deepEqual(await ingress({ [name]: "return 200;" }), [
        `mandatory metadata.annotations["${name}"]: configuration of the ingress controller`,
      ]);
    }
  });
});
