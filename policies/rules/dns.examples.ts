import type { Examples } from "../testing/examples.ts";
import { aws, httpsListener, ingress, listenerRule, ofSystem, targetGroup } from "../testing/network-fixtures.ts";

const rule = (host: string) =>
  listenerRule(httpsListener(), targetGroup(), { conditions: [{ hostHeader: { values: [host] } }] });
const bot = { rules: [{ host: "api.ecommerce-bot.com", http: { paths: [{ path: "/", backend: {} }] } }] };

export const examples: Examples = {
  good: [
    {
      title: "A host with a record",
      resources: [
        rule("pay.shop.example.com"),
        aws("route53/record:Record", { name: "pay.shop.example.com", type: "A" }, "record"),
      ],
    },
    {
      title: "A host that external-dns is told",
      resources: [
        ofSystem(
          "ecommerce-bot",
          ingress(bot, { "external-dns.alpha.kubernetes.io/hostname": "api.ecommerce-bot.com" }),
        ),
      ],
    },
  ],
  bad: [
    {
      title: "A host without a record",
      resources: [rule("pay.shop.example.com")],
      property: "conditions[0].hostHeader.values[0]",
    },
    {
      title: "The domain of the manual",
      resources: [ingress({ rules: [{ host: "your-domain.com", http: { paths: [{ path: "/", backend: {} }] } }] })],
      property: "spec.rules[0].host",
    },
  ],
};
