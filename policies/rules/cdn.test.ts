import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { app, aws, distribution, ecsService, ofSystem } from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";

const POLICY = "cdn";
const found = (...resources: TestResource[]) => stackVerdict(POLICY, resources);

describe("POL-CDN (EB-SEC-14, AR-SEC-28, RB-SEC-16)", () => {
  it("wants a distribution beside the components with static content, on both targets", async () => {
    const missing = ["mandatory the resource itself: static content without a CDN"];
    for (const [system, component] of [
      ["archesai", "platform"],
      ["ecommerce-bot", "webhook"],
      ["retail-brain", "dashboard"],
    ] as const) {
      for (const workload of [app(), ecsService()]) {
        assert.deepEqual(await found(ofSystem(system, workload, component)), missing);
        assert.deepEqual(await found(ofSystem(system, workload, component), distribution()), []);
      }
    }
    assert.deepEqual(await found(ofSystem("archesai", app(), "api")), []);
    assert.deepEqual(await found(ofSystem("worldstore", app(), "platform")), []);
    assert.deepEqual(await found(app()), []);
  });

  it("wants the path of the system cached", async () => {
    const platform = ofSystem("archesai", app(), "platform");
    const behaviours = (orderedCacheBehaviors: unknown) => found(platform, distribution({ orderedCacheBehaviors }));
    const none = ["mandatory the resource itself: no behaviour for /static"];
    const fine = { viewerProtocolPolicy: "https-only", cachePolicyId: "1" };
    assert.deepEqual(await behaviours([{ ...fine, pathPattern: "/media/*" }]), none);
    assert.deepEqual(await behaviours([]), none);
    assert.deepEqual(await behaviours([{ ...fine, pathPattern: UNKNOWN }]), []);
    assert.deepEqual(await behaviours(UNKNOWN), ["advisory not evaluated: orderedCacheBehaviors"]);
  });

  it("wants HTTPS and a cache policy of every behaviour", async () => {
    const behaviour = (defaultCacheBehavior: unknown) => verdict(POLICY, distribution({ defaultCacheBehavior }));
    assert.deepEqual(await behaviour({}), [
      "mandatory defaultCacheBehavior.viewerProtocolPolicy: nothing",
      "mandatory defaultCacheBehavior.cachePolicyId: nothing",
    ]);
    const first = { viewerProtocolPolicy: "redirect-to-https", forwardedValues: { queryString: false } };
    assert.deepEqual(await behaviour(first), []);
    assert.deepEqual(await behaviour({ viewerProtocolPolicy: "allow-all", cachePolicyId: UNKNOWN }), [
      'mandatory defaultCacheBehavior.viewerProtocolPolicy: "allow-all"',
      "advisory not evaluated: defaultCacheBehavior.cachePolicyId",
    ]);
    assert.deepEqual(
      await verdict(
        POLICY,
        distribution({ orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only", cachePolicyId: "" }] }),
      ),
      ['mandatory orderedCacheBehaviors[0].cachePolicyId: ""'],
    );
  });

  it("wants buckets that nobody reads past it, and a distribution that is on", async () => {
    const origins = [{ domainName: "static.s3.amazonaws.com" }, { domainName: "app.archesai.com" }];
    assert.deepEqual(await verdict(POLICY, distribution({ origins })), [
      "mandatory origins[0].originAccessControlId: nothing",
    ]);
    assert.deepEqual(await verdict(POLICY, distribution({ origins: UNKNOWN })), ["advisory not evaluated: origins"]);
    assert.deepEqual(await verdict(POLICY, distribution({ enabled: false })), ["mandatory enabled: false"]);
    assert.deepEqual(await verdict(POLICY, distribution({ enabled: undefined })), []);
    assert.deepEqual(await verdict(POLICY, aws("cloudfront/cachePolicy:CachePolicy", { enabled: false })), []);
  });
});
