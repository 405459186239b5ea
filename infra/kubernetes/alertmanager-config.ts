import { dump } from "js-yaml";

/** The receivers by the severity that leads to them. */
export const receivers = { critical: "critical", warning: "warning" } as const;

/**
 * Alertmanager's configuration: critical alerts leave at once and are repeated every hour, warnings are gathered and leave
 * within the hour (WS-SEC-32).
 *
 * No requirement names an address, so the receivers are places where alerts can be seen and silenced, without a sender.
 */
export function alertmanagerConfig(): string {
  return dump({
    route: {
      receiver: receivers.warning,
      group_by: ["alertname", "job"],
      group_wait: "10m",
      group_interval: "30m",
      repeat_interval: "12h",
      routes: [
        {
          matchers: ['severity="critical"'],
          receiver: receivers.critical,
          group_wait: "0s",
          group_interval: "1m",
          repeat_interval: "1h",
        },
      ],
    },
    receivers: Object.values(receivers).map((name) => ({ name })),
  });
}
