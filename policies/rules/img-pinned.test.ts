import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { deployment, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { reportOf } from "../testing/report.ts";

const IMAGE = "spec.template.spec.containers[0].image";
const DIGEST = `sha256:${"0a".repeat(32)}`;

const images = (image: unknown, parameters = {}) =>
  verdict("img-pinned", deployment({ image }), { "img-pinned": { parameters } });

describe("POL-IMG-PINNED (WS-SEC-45, EB-SEC-28, AR-SEC-36)", () => {
  it("accepts versions, commits and digests, with a registry port too", async () => {
    for (const image of ["redis:7.4", "images.local:5000/agent:1f2e3d4", `agent@${DIGEST}`, `agent:latest@${DIGEST}`]) {
      assert.deepEqual(await images(image), [], image);
    }
  });

  it("says what is wrong and what to do", async () => {
    const report = await reportOf("img-pinned", deployment({ image: "registry.example:5000/agent:latest" }));
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-IMG-PINNED: Container images carry a version, commit tag or digest",
        "  resource: payment-server (kubernetes:apps/v1:Deployment)",
        "  property: spec.template.spec.containers[0].image",
        '  found:    "registry.example:5000/agent:latest"',
        "  expected: an image with a digest or a tag other than latest, master, main",
        "  fix:      Name the version, the commit or, best, the digest of the image: registry/name:1.4.2@sha256:...",
        "  required: WS-SEC-45, EB-SEC-28, AR-SEC-36",
        "  more:     docs/policies/img-pinned.md",
      ].join("\n"),
    );
  });

  it("rejects moving tags, a missing tag behind a registry port and a broken digest", async () => {
    for (const image of [
      "agent",
      "agent:",
      "agent:LATEST",
      "agent:main",
      "images.local:5000/agent",
      "agent@sha256:12",
    ]) {
      assert.deepEqual(await images(image), [`mandatory ${IMAGE}: ${JSON.stringify(image)}`]);
    }
  });

  it("rejects an absent image", async () => {
    assert.deepEqual(await images(undefined), [`mandatory ${IMAGE}: nothing`]);
  });

  it("goes on past an image that is not known yet", async () => {
    const containers = [{ image: "a:latest" }, { image: UNKNOWN }, { image: "b" }];
    assert.deepEqual(await verdict("img-pinned", workload(podSpec({ containers }))), [
      'mandatory spec.template.spec.containers[0].image: "a:latest"',
      'mandatory spec.template.spec.containers[2].image: "b"',
      "advisory not evaluated: spec.template.spec.containers[1].image",
    ]);
  });

  it("reads init and ephemeral containers and image volumes", async () => {
    const spec = podSpec({
      initContainers: [{ image: "init:main" }],
      ephemeralContainers: [{ image: "debug" }],
      volumes: [{ name: "model", image: { reference: "weights:latest" } }],
    });
    assert.deepEqual(await verdict("img-pinned", workload(spec)), [
      'mandatory spec.template.spec.initContainers[0].image: "init:main"',
      'mandatory spec.template.spec.ephemeralContainers[0].image: "debug"',
      'mandatory spec.template.spec.volumes[0].image.reference: "weights:latest"',
    ]);
  });

  it("reads ECS container definitions, whatever the case of their keys", async () => {
    const task = (containers: unknown) => verdict("img-pinned", taskDefinition(containers));
    assert.deepEqual(await task([ecsContainer()]), []);
    assert.deepEqual(await task([{ Image: "agent:latest" }]), [
      'mandatory containerDefinitions[0].image: "agent:latest"',
    ]);
    assert.deepEqual(await task(UNKNOWN), ["advisory not evaluated: containerDefinitions"]);
    assert.deepEqual(await task("no list"), ["mandatory containerDefinitions: text that cannot be read"]);
  });

  it("takes banned tags and the demand for a digest from its configuration", async () => {
    assert.deepEqual(await images("agent:edge", { bannedTags: ["edge"] }), [`mandatory ${IMAGE}: "agent:edge"`]);
    assert.deepEqual(await images("agent:1.0", { requireDigest: true }), [`mandatory ${IMAGE}: "agent:1.0"`]);
    assert.deepEqual(await images(`agent@${DIGEST}`, { requireDigest: true }), []);
  });
});
