import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { app, ecs } from "../testing/monitoring.ts";

const SYSTEM = "ecommerce-bot";
const falco = app(SYSTEM, { image: "images.local/falco:0.42.0" }, { name: "falco", kind: "DaemonSet" });
const detector = (enable: boolean): TestResource => ({
  type: "aws:guardduty/detector:Detector",
  name: "detector",
  properties: { enable },
});
const runtime = (status: string): TestResource => ({
  type: "aws:guardduty/detectorFeature:DetectorFeature",
  name: "runtime",
  properties: {
    detectorId: UNKNOWN,
    name: "RUNTIME_MONITORING",
    status,
    additionalConfigurations: [{ name: "ECS_FARGATE_AGENT_MANAGEMENT", status: "ENABLED" }],
  },
});

export const examples: Examples = {
  good: [
    { title: "Falco on every node", resources: [app(SYSTEM), falco] },
    {
      title: "GuardDuty with its agent beside every task",
      resources: [...ecs(SYSTEM), detector(true), runtime("ENABLED")],
    },
  ],
  bad: [
    { title: "A cluster in which nothing watches", resources: [app(SYSTEM)], property: "the resource itself" },
    {
      title: "Tasks that nothing watches",
      resources: [...ecs(SYSTEM), detector(true)],
      property: "the resource itself",
    },
    { title: "A detector that is off", resources: [detector(false)], property: "enable" },
    { title: "Runtime monitoring that is off", resources: [detector(true), runtime("DISABLED")], property: "status" },
  ],
};
