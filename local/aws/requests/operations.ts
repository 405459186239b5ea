import { arnAt, at, elements, pick, step, text, without, type Creations, type Inputs } from "./creation.ts";

const uuid = "12345678-1234-1234-1234-123456789012";

/** Where the inputs of an alarm stand in the API. */
const alarmRenames = {
  name: "AlarmName",
  metricQueries: "Metrics",
  "metricQueries.metric": "MetricStat",
  "metricQueries.metric.metricName": "Metric.MetricName",
  "metricQueries.metric.namespace": "Metric.Namespace",
  "metricQueries.metric.dimensions": "Metric.Dimensions",
  evaluateLowSampleCountPercentiles: "EvaluateLowSampleCountPercentile",
};

/** Logs, alarms, backups and audit. */
export const operations: Creations = {
  "aws:cloudwatch/logGroup:LogGroup": {
    create: (inputs) =>
      step("logs", "CreateLogGroup", without(inputs, "retentionInDays", "skipDestroy"), {
        renames: { name: "logGroupName" },
      }),
    outputs: ({ name }, _answer, place) => ({ id: name, arn: arnAt(place, "logs", `log-group:${String(name)}`) }),
    read: ({ name }) => step("logs", "DescribeLogGroups", { logGroupNamePrefix: name }),
    then: ({ name, retentionInDays }) =>
      retentionInDays === undefined || retentionInDays === 0
        ? []
        : [step("logs", "PutRetentionPolicy", { logGroupName: name, retentionInDays })],
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    create: (inputs) =>
      step("logs", "PutMetricFilter", inputs, {
        renames: {
          name: "filterName",
          pattern: "filterPattern",
          metricTransformation: "metricTransformations",
          "metricTransformation.name": "metricName",
          "metricTransformation.namespace": "metricNamespace",
          "metricTransformation.value": "metricValue",
        },
      }),
    outputs: ({ name }) => ({ id: name }),
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    create: (inputs) => step("logs", "PutResourcePolicy", inputs),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    create: (inputs) => step("cloudwatch", "PutMetricAlarm", inputs, { renames: alarmRenames }),
    outputs: ({ name }, _answer, place) => ({ id: name, arn: arnAt(place, "cloudwatch", `alarm:${String(name)}`) }),
    read: ({ name }) => step("cloudwatch", "DescribeAlarms", { alarmNames: [name] }),
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    create: (inputs) => step("cloudwatch", "PutCompositeAlarm", inputs),
    outputs: ({ alarmName }, _answer, place) => ({
      id: alarmName,
      arn: arnAt(place, "cloudwatch", `alarm:${String(alarmName)}`),
    }),
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    create: (inputs) => step("cloudwatch", "PutDashboard", inputs),
    outputs: ({ dashboardName }, _answer, { accountId }) => ({
      id: dashboardName,
      dashboardArn: `arn:aws:cloudwatch::${accountId}:dashboard/${String(dashboardName)}`,
    }),
  },
  "aws:backup/vault:Vault": {
    create: (inputs) =>
      step("backup", "CreateBackupVault", without(inputs, "forceDestroy"), {
        renames: { name: "BackupVaultName", kmsKeyArn: "EncryptionKeyArn", tags: "BackupVaultTags" },
      }),
    outputs: ({ name }, _answer, place) => ({ id: name, arn: arnAt(place, "backup", `backup-vault:${String(name)}`) }),
    read: ({ name }) => step("backup", "DescribeBackupVault", { backupVaultName: name }),
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    create: (inputs) => step("backup", "PutBackupVaultLockConfiguration", inputs),
  },
  "aws:backup/vaultPolicy:VaultPolicy": {
    create: (inputs) => step("backup", "PutBackupVaultAccessPolicy", inputs),
  },
  "aws:backup/plan:Plan": {
    create: ({ name, rules, advancedBackupSettings, tags }) =>
      step(
        "backup",
        "CreateBackupPlan",
        { backupPlan: { name, rules, advancedBackupSettings }, tags },
        {
          renames: {
            tags: "BackupPlanTags",
            "backupPlan.name": "BackupPlanName",
            "backupPlan.rules.targetVaultName": "TargetBackupVaultName",
            "backupPlan.rules.schedule": "ScheduleExpression",
            "backupPlan.rules.startWindow": "StartWindowMinutes",
            "backupPlan.rules.completionWindow": "CompletionWindowMinutes",
            "backupPlan.rules.lifecycle.coldStorageAfter": "MoveToColdStorageAfterDays",
            "backupPlan.rules.lifecycle.deleteAfter": "DeleteAfterDays",
            "backupPlan.rules.copyActions.destinationVaultArn": "DestinationBackupVaultArn",
            "backupPlan.rules.copyActions.lifecycle.deleteAfter": "DeleteAfterDays",
          },
        },
      ),
    outputs: (_inputs, answer, place) => {
      const id = text(answer, ["BackupPlanId"], uuid);
      return { id, arn: arnAt(place, "backup", `backup-plan:${id}`), version: text(answer, ["VersionId"], "1") };
    },
    read: (_inputs, answer) => step("backup", "GetBackupPlan", { backupPlanId: at(answer, "BackupPlanId") }),
  },
  "aws:backup/selection:Selection": {
    create: ({ planId, name, ...selection }) =>
      step(
        "backup",
        "CreateBackupSelection",
        { planId, backupSelection: { name, ...selection } },
        {
          renames: {
            planId: "BackupPlanId",
            "backupSelection.name": "SelectionName",
            "backupSelection.selectionTags": "ListOfTags",
            ...Object.fromEntries(
              ["stringEquals", "stringNotEquals", "stringLikes", "stringNotLikes"].flatMap((kind) => [
                [`backupSelection.conditions.${kind}.key`, "ConditionKey"],
                [`backupSelection.conditions.${kind}.value`, "ConditionValue"],
              ]),
            ),
            "backupSelection.selectionTags.type": "ConditionType",
            "backupSelection.selectionTags.key": "ConditionKey",
            "backupSelection.selectionTags.value": "ConditionValue",
          },
        },
      ),
    outputs: (_inputs, answer) => ({ id: text(answer, ["SelectionId"], uuid) }),
  },
  "aws:cloudtrail/trail:Trail": {
    create: (inputs) =>
      step("cloudtrail", "CreateTrail", without(inputs, "eventSelectors", "advancedEventSelectors", "enableLogging"), {
        renames: {
          tags: "TagsList",
          cloudWatchLogsGroupArn: "CloudWatchLogsLogGroupArn",
          snsTopicName: "SnsTopicName",
        },
      }),
    outputs: ({ name }, _answer, place) => {
      const arn = arnAt(place, "cloudtrail", `trail/${String(name)}`);
      return { id: arn, arn, homeRegion: place.region };
    },
    read: ({ name }) => step("cloudtrail", "GetTrail", { name }),
    then: (inputs, { id }) => {
      const { name, advancedEventSelectors, eventSelectors, enableLogging } = inputs;
      return [
        ...(enableLogging === false ? [] : [step("cloudtrail", "StartLogging", { name })]),
        ...(advancedEventSelectors === undefined && eventSelectors === undefined
          ? []
          : [
              step(
                "cloudtrail",
                "PutEventSelectors",
                { trailName: id, eventSelectors, advancedEventSelectors },
                {
                  renames: {
                    "eventSelectors.dataResources": "DataResources",
                    "advancedEventSelectors.fieldSelectors.equals": "Equals",
                  },
                },
              ),
            ]),
      ];
    },
  },
  "aws:guardduty/detector:Detector": {
    create: (inputs) => step("guardduty", "CreateDetector", inputs, { renames: { datasources: "DataSources" } }),
    outputs: (_inputs, answer, place) => {
      const id = text(answer, ["DetectorId"], "12abc34d567e8fa901bc2d34e56789f0");
      return { id, accountId: place.accountId, arn: arnAt(place, "guardduty", `detector/${id}`) };
    },
  },
  "aws:guardduty/detectorFeature:DetectorFeature": {
    create: ({ detectorId, ...feature }) =>
      step("guardduty", "UpdateDetector", { detectorId, features: [withConfiguration(feature)] }),
    outputs: ({ detectorId, name }) => ({ id: `${String(detectorId)}/${String(name)}` }),
  },
};

/** A feature's own settings stand in a list. */
function withConfiguration(feature: Inputs): Inputs {
  const { additionalConfigurations, ...others } = feature;
  return additionalConfigurations === undefined
    ? others
    : {
        ...others,
        additionalConfiguration: elements(additionalConfigurations).map((each) =>
          pick(each as Inputs, "name", "status"),
        ),
      };
}
