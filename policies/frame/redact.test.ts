import assert from "node:assert/strict";
import fc from "fast-check";
import { describe as inWords, isReference, secretShape } from "./redact.ts";

describe("the description of a value in a message", () => {
  it("quotes text, so that it cannot forge lines of a report", () => {
    assert.equal(inWords('a"b\n  found: nothing'), '"a\\"b\\n  found: nothing"');
    fc.assert(fc.property(fc.string(), (text) => !inWords(text).includes("\n")));
  });

  it("is short and plain", () => {
    assert.equal(inWords("x".repeat(500)).length, 122);
    assert.equal(inWords(undefined), "nothing");
    assert.equal(inWords(false), "false");
    assert.equal(inWords(["NET_RAW", 1]), '["NET_RAW", 1]');
    assert.equal(inWords([{}, {}]), "a list of 2");
    assert.equal(inWords({ password: "x" }), "an object");
  });

  it("hides passwords in URLs, wherever they stand", () => {
    const password = fc.stringMatching(/^[A-Za-z][A-Za-z0-9/+._~-]{7,30}$/);
    const wrap = fc.constantFrom(
      (word: string) => `redis://:${word}@redis:6380`,
      (word: string) => `see amqps://user:${word}@queue/vhost now`,
      (word: string) => `a=1&u=https://a.b:${word}@host`,
    );
    fc.assert(fc.property(password, wrap, (word, place) => !inWords(place(word)).includes(word)));
    assert.equal(inWords(["redis://:hunter2@redis"]), "[a URL with a password (hidden)]");
  });

  it("takes ports and references for what they are", () => {
    for (const text of ["http://host:8080/a@b", "images.local:5000/a@sha256:12", "postgres://app:$(PASSWORD)@db/app"]) {
      assert.equal(secretShape(text), undefined, text);
    }
    for (const text of ["$(A_B)", "${A}", "$A", "{{ .a }}"]) {
      assert.equal(isReference(text), true, text);
    }
    assert.equal(isReference("a$(B)"), false);
  });
});
