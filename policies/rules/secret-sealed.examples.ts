import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";

const sealed = (spec: object) => kubernetes("bitnami.com/v1alpha1:SealedSecret", { spec }, "agent");

export const examples: Examples = {
  good: [
    {
      title: "A secret that only the cluster can open",
      resources: [sealed({ encryptedData: { WALLET_KEY: "AgB3..." } })],
    },
    {
      title: "A URL around a sealed password",
      resources: [
        sealed({
          encryptedData: { password: "AgB3..." },
          template: { data: { URL: "redis://:{{ .password }}@redis:6380" } },
        }),
      ],
    },
  ],
  bad: [
    {
      title: "A plain Secret, which is text for all who read the state or the API",
      resources: [kubernetes("core/v1:Secret", { stringData: { WALLET_KEY: "correct-horse-battery" } }, "agent")],
      property: "stringData",
    },
    {
      title: "A plain value beside the sealed ones",
      resources: [sealed({ template: { data: { TOKEN: "correct-horse-battery" } } })],
      property: "spec.template.data.TOKEN",
    },
  ],
};
