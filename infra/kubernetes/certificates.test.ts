import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { connect, createServer, type TLSSocket } from "node:tls";

import { certificateAuthority, serverCertificate, type KeyedCertificate } from "./certificates.ts";

const seed = "3c".repeat(32);

describe("The certificate authority of a stack", function () {
  this.timeout(20_000);
  let authority: KeyedCertificate;
  let server: KeyedCertificate;
  before(async () => {
    authority = await certificateAuthority(seed, "shop");
    server = await serverCertificate(seed, "shop", ["db", "db.shop.svc", "localhost"]);
  });

  it("makes the same certificates from the same seed", async () => {
    assert.deepEqual(await certificateAuthority(seed, "shop"), authority);
    assert.deepEqual(await serverCertificate(seed, "shop", ["db", "db.shop.svc", "localhost"]), server);
  });

  it("makes other keys and certificates from another seed, and for other names", async () => {
    const others = [
      await certificateAuthority("3d".repeat(32), "shop"),
      await serverCertificate("3d".repeat(32), "shop", ["db", "db.shop.svc", "localhost"]),
      await serverCertificate(seed, "shop", ["cache"]),
    ];
    const all = [authority, server, ...others];
    assert.equal(new Set(all.map(({ key }) => key)).size, all.length);
    const serials = all.map(({ certificate }) => new X509Certificate(certificate).serialNumber);
    assert.equal(new Set(serials).size, all.length);
  });

  it("signs itself and its servers, and says what each may do", () => {
    const root = new X509Certificate(authority.certificate);
    const leaf = new X509Certificate(server.certificate);
    assert.equal(root.ca, true);
    assert.equal(leaf.ca, false);
    assert.ok(root.verify(root.publicKey));
    assert.ok(leaf.verify(root.publicKey));
    assert.ok(leaf.checkIssued(root));
    assert.deepEqual(leaf.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.equal(leaf.subjectAltName, "DNS:db, DNS:db.shop.svc, DNS:localhost");
    assert.ok(leaf.checkPrivateKey(createPrivateKey(server.key)));
    assert.equal(leaf.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  });

  it("is valid for a fixed time", () => {
    for (const { certificate } of [authority, server]) {
      const { validFromDate, validToDate } = new X509Certificate(certificate);
      assert.equal(validFromDate.toISOString(), "2026-01-01T00:00:00.000Z");
      assert.equal(validToDate.toISOString(), "2036-01-01T00:00:00.000Z");
    }
  });

  it("lets a client connect by the certificate's names and by no other", async () => {
    const listening = createServer({ cert: server.certificate, key: server.key, minVersion: "TLSv1.3" });
    listening.on("tlsClientError", () => undefined);
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    const { port } = listening.address() as { port: number };
    const dial = (servername: string, ca: string) =>
      new Promise<string>((resolve) => {
        const socket: TLSSocket = connect({ port, host: "127.0.0.1", servername, ca }, () => {
          socket.end();
          resolve("connected");
        });
        socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      });
    try {
      const stranger = await certificateAuthority("00".repeat(32), "shop");
      assert.equal(await dial("db.shop.svc", authority.certificate), "connected");
      assert.equal(await dial("cache.shop.svc", authority.certificate), "ERR_TLS_CERT_ALTNAME_INVALID");
      assert.match(await dial("db.shop.svc", stranger.certificate), /VERIFY|SIGNATURE/);
    } finally {
      listening.close();
    }
  });
});
