import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { alarm, file } from "../testing/monitoring.ts";

const topic: TestResource = { type: "aws:sns/topic:Topic", name: "critical", properties: { name: "critical" } };
const subscription: TestResource = {
  type: "aws:sns/topicSubscription:TopicSubscription",
  name: "pager",
  properties: {
    topic: "arn:aws:sns:eu-central-1:111122223333:critical",
    protocol: "email",
    endpoint: "a@shop.example",
  },
};

const alertmanager = (
  receiver: string,
  wait = "0s",
  settings = "pagerduty_configs: [{ routing_key_file: /run/key }]",
) =>
  file(
    "alertmanager.yml",
    `route:
  receiver: ${receiver}
  group_wait: ${wait}
  group_interval: 1m
receivers:
  - name: pager
    ${settings}
`,
    "worldstore",
    "alertmanager-settings",
  );

const FILE = 'data["alertmanager.yml"]';

export const examples: Examples = {
  good: [
    { title: "An alarm with a topic that someone reads", resources: [alarm("WS-ALR-05"), topic, subscription] },
    { title: "An Alertmanager that tells a pager at once", resources: [alertmanager("pager")] },
  ],
  bad: [
    {
      title: "An alarm that does nothing",
      resources: [alarm("WS-ALR-05", { alarmActions: [] })],
      property: "alarmActions",
    },
    {
      title: "An alarm that is turned off",
      resources: [alarm("WS-ALR-05", { actionsEnabled: false })],
      property: "actionsEnabled",
    },
    {
      title: "A topic that nobody reads",
      resources: [alarm("WS-ALR-05"), topic],
      property: "the resource itself",
    },
    {
      title: "A route to a receiver that is not there",
      resources: [alertmanager("nobody")],
      property: `${FILE}.route.receiver`,
    },
    {
      title: "Critical alerts that wait for ten minutes",
      resources: [alertmanager("pager", "10m")],
      property: `${FILE}.route`,
    },
  ],
};
