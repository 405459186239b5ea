import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { ResourceDraft } from "./draft.ts";

/** As the policy SDK's class of this name. */
class Secret {
  value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
}

const draftOf = (properties: Record<string, unknown>) => new ResourceDraft({ type: "type", name: "name" }, properties);

describe("a draft", () => {
  it("sets values, making the maps that lead to them", () => {
    const draft = draftOf({ spec: null });
    draft.get("spec", "securityContext", "runAsNonRoot").set(true);
    assert.deepEqual(draft.properties, { spec: { securityContext: { runAsNonRoot: true } } });
    assert.equal(draft.changed, true);
  });

  it("is unchanged by what is there already", () => {
    const draft = draftOf({ a: { b: [1, { c: 2 }] } });
    draft.get("a", "b").set([1, { c: 2 }]);
    draft.get("a", "x").remove();
    draft.get("a", "x").set(undefined);
    assert.equal(draft.changed, false);
    assert.deepEqual(draft.properties, { a: { b: [1, { c: 2 }] } });
  });

  it("changes and removes elements and values in place", () => {
    const draft = draftOf({ list: [{ a: 1 }, { a: 2 }], gone: 1 });
    draft.get("list").items()[1]?.get("a").set(3);
    draft.get("list").items()[0]?.set("x");
    draft.get("gone").remove();
    assert.deepEqual(draft.properties, { list: ["x", { a: 3 }] });
    assert.deepEqual(
      draft
        .get("list")
        .items()
        .map(({ path, value }) => [path, value]),
      [
        ["list[0]", "x"],
        ["list[1]", { a: 3 }],
      ],
    );
    assert.deepEqual(draft.get("gone").items(), []);
  });

  it("writes nothing below what is no map, and keeps a copy of what is given", () => {
    const draft = draftOf({ text: "a", list: [] });
    draft.get("text", "b").set(1);
    draft.get("list", "0").set(1);
    draft.get().set({ other: true });
    assert.deepEqual(draft.properties, { text: "a", list: [] });
    assert.equal(draft.changed, false);
    const given = { a: 1 };
    draft.get("copy").set(given);
    given.a = 2;
    assert.deepEqual(draft.get("copy").value, { a: 1 });
  });

  it("neither reads nor overwrites what is unknown", () => {
    const draft = draftOf({ a: UNKNOWN, list: [UNKNOWN, 1] });
    const below = draft.get("a", "b");
    assert.equal(below.unknown, true);
    assert.equal(below.path, "a");
    assert.equal(below.absent, false);
    assert.equal(below.value, undefined);
    below.set(1);
    below.remove();
    assert.deepEqual(below.json().items(), []);
    assert.deepEqual(draft.get("list").value, [undefined, 1]);
    draft.get("list").set([]);
    draft.get("list").remove();
    assert.deepEqual(draft.properties, { a: UNKNOWN, list: [UNKNOWN, 1] });
    assert.equal(draft.changed, false);
  });

  it("neither reads nor overwrites what is secret, and adds to it within its wrapper", () => {
    const draft = draftOf({ password: new Secret("hunter2"), spec: new Secret({ on: false, list: [{}] }) });
    assert.equal(draft.get("password").secret, true);
    assert.equal(draft.get("password").absent, false);
    assert.equal(draft.get("password").value, undefined);
    assert.equal(draft.get("spec", "on").secret, true);
    assert.equal(draft.get("spec", "on").value, undefined);
    draft.get("password").set("x");
    draft.get("spec").remove();
    draft.get("spec", "on").set(true);
    assert.equal(draft.changed, false);
    assert.equal(draft.get("spec", "none").absent, true);
    draft.get("spec", "none", "deep").set(1);
    draft.get("spec", "list").items()[0]?.get("a").set(2);
    assert.equal(draft.changed, true);
    assert.deepEqual(draft.properties, {
      password: new Secret("hunter2"),
      spec: new Secret({ on: false, list: [{ a: 2 }], none: { deep: 1 } }),
    });
  });

  it("replaces no map or list that holds a secret, and shows none in one", () => {
    const draft = draftOf({ env: [{ name: "A", value: new Secret("a") }], empty: new Secret(null) });
    draft.get("env").set([]);
    draft.get("env").items()[0]?.remove();
    assert.deepEqual(draft.get("env").value, [{ name: "A", value: undefined }]);
    assert.deepEqual(draft.properties["env"], [{ name: "A", value: new Secret("a") }]);
    draft.get("empty", "a").set(1);
    assert.deepEqual(draft.properties["empty"], new Secret({ a: 1 }));
  });

  it("reads and writes the document of a JSON text, whatever the case of a key's first letter", () => {
    const draft = draftOf({ definitions: JSON.stringify([{ Image: "a", user: "0", deep: { list: [1] } }, {}]) });
    const [first, second] = draft.get("definitions").json().items();
    assert.equal(first?.get("image").path, "definitions[0].image");
    assert.equal(first.get("image").value, "a");
    first.get("image").set("b");
    first.get("user").remove();
    first.get("deep", "list").items()[0]?.set(2);
    second?.get("linuxParameters", "initProcessEnabled").set(true);
    assert.deepEqual(JSON.parse(String(draft.properties["definitions"])), [
      { Image: "b", deep: { list: [2] } },
      { linuxParameters: { initProcessEnabled: true } },
    ]);
  });

  it("leaves a JSON text as it is written unless something in it changes", () => {
    const text = '{ "a":  1 }';
    const draft = draftOf({ text, broken: "{", none: undefined });
    draft.get("text").json().get("a").set(1);
    draft.get("broken").json().get("a").set(1);
    draft.get("none").json().get("a").set(1);
    assert.equal(draft.changed, false);
    assert.deepEqual(draft.properties, { text, broken: "{", none: undefined });
  });

  it("keeps a secret JSON text secret", () => {
    const draft = draftOf({ text: new Secret('[{"a":1}]') });
    const [first] = draft.get("text").json().items();
    assert.equal(first?.get("a").value, undefined);
    first?.get("a").set(2);
    first?.get("b").set(3);
    assert.deepEqual(draft.properties, { text: new Secret('[{"a":1,"b":3}]') });
  });

  it("works on the properties below the proxies of the policy server", () => {
    const raw = { a: UNKNOWN };
    const wrap = (target: object): Record<string, unknown> =>
      new Proxy(
        {},
        { get: (_, key) => key === "__isSpecialProxy" || (key === "__getSpecialProxyTarget" ? target : 1) },
      );
    assert.equal(draftOf(wrap(wrap(raw))).properties, raw);
  });
});
