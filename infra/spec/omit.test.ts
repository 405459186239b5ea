import assert from "node:assert/strict";
import fc from "fast-check";

import { shop } from "../aws/testing/shop.ts";
import { omittableFeatures, type OmittableFeature } from "../settings.ts";
import { withoutFeatures } from "./omit.ts";
import { validateSystem } from "./validate.ts";

const without = (...features: OmittableFeature[]) =>
  withoutFeatures(
    shop(),
    features.map((feature) => ({ feature })),
  );

describe("a specification without some features", () => {
  it("is the same when nothing is left out", () => {
    assert.deepEqual(without(), shop());
  });

  it("has no object stores, nor variables and flows that speak of them", () => {
    const { stores, jobs, flows } = without("object-stores");
    assert.deepEqual(Object.keys(stores), ["db", "cache", "orders"]);
    assert.equal(jobs["report"]?.variables["BUCKET"], undefined);
    assert(!flows.some(({ to }) => "store" in to && to.store === "files"));
  });

  it("has no public endpoints, nor flows from the edge", () => {
    const { publicEndpoints, flows } = without("public-endpoints");
    assert.deepEqual(publicEndpoints, {});
    assert(!flows.some(({ from }) => "edge" in from));
  });

  it("has no jobs, nor flows from them", () => {
    const { jobs, flows } = without("jobs");
    assert.deepEqual(jobs, {});
    assert(!flows.some(({ from }) => "job" in from));
  });

  it("rolls in the place of blue-green, and runs the minimum in the place of autoscaling", () => {
    assert.deepEqual(without("blue-green").services["api"]?.release, {
      strategy: "rolling",
      maxSurge: 1,
      maxUnavailable: 0,
    });
    assert.deepEqual(without("autoscaling").services["api"]?.scaling, { replicas: 2 });
  });

  it("is as sound as it was, whatever is left out", () => {
    fc.assert(
      fc.property(fc.subarray([...omittableFeatures]), (features) => {
        assert.deepEqual(validateSystem(without(...features)), []);
      }),
    );
  });
});
