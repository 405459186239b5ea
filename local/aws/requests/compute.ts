import { arnAt, step, text, without, type Creations } from "./creation.ts";

const nameOf = (clusterArn: unknown) => String(clusterArn).split("/").at(-1) ?? "";

/** Where the inputs of an ECS service stand in the API. */
const serviceRenames = {
  name: "serviceName",
  "networkConfiguration.subnets": "awsvpcConfiguration.subnets",
  "networkConfiguration.securityGroups": "awsvpcConfiguration.securityGroups",
  "networkConfiguration.assignPublicIp": "awsvpcConfiguration.assignPublicIp",
  deploymentMaximumPercent: "deploymentConfiguration.maximumPercent",
  deploymentMinimumHealthyPercent: "deploymentConfiguration.minimumHealthyPercent",
  deploymentCircuitBreaker: "deploymentConfiguration.deploymentCircuitBreaker",
  alarms: "deploymentConfiguration.alarms",
  enableEcsManagedTags: "enableECSManagedTags",
  "loadBalancers.advancedConfiguration.testListenerRule": "testListenerRule",
  "serviceConnectConfiguration.services.clientAlias": "clientAliases",
  "serviceConnectConfiguration.services.tls.issuerCertAuthority": "issuerCertificateAuthority",
  iamRole: "role",
  waitForSteadyState: undefined,
  forceNewDeployment: undefined,
  forceDelete: undefined,
  triggers: undefined,
  sigintRollback: undefined,
};

/** Containers: clusters, images, tasks, services and functions. */
export const compute: Creations = {
  "aws:ecs/cluster:Cluster": {
    create: (inputs) =>
      step("ecs", "CreateCluster", inputs, {
        renames: {
          name: "clusterName",
          "configuration.executeCommandConfiguration.logConfiguration.cloudWatchEncryptionEnabled":
            "cloudWatchEncryptionEnabled",
        },
      }),
    outputs: ({ name }, answer, place) => {
      const arn = text(answer, ["cluster", "clusterArn"], arnAt(place, "ecs", `cluster/${String(name)}`));
      return { id: arn, arn };
    },
    read: ({ name }) => step("ecs", "DescribeClusters", { clusters: [name] }),
  },
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": {
    create: (inputs) =>
      step("ecs", "PutClusterCapacityProviders", inputs, {
        renames: {
          clusterName: "cluster",
          defaultCapacityProviderStrategies: "defaultCapacityProviderStrategy",
        },
      }),
    outputs: ({ clusterName }) => ({ id: clusterName }),
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    create: (inputs) =>
      step("ecs", "RegisterTaskDefinition", inputs, {
        renames: { skipDestroy: undefined, trackLatest: undefined },
      }),
    outputs: ({ family }, answer, place) => {
      const arn = text(
        answer,
        ["taskDefinition", "taskDefinitionArn"],
        arnAt(place, "ecs", `task-definition/${String(family)}:1`),
      );
      return { id: family, arn, arnWithoutRevision: arn.replace(/:\d+$/, ""), revision: 1 };
    },
  },
  "aws:ecs/service:Service": {
    create: (inputs) => step("ecs", "CreateService", inputs, { renames: serviceRenames }),
    outputs: ({ cluster, name }, answer, place) => {
      const path = `service/${nameOf(cluster)}/${String(name)}`;
      const arn = text(answer, ["service", "serviceArn"], arnAt(place, "ecs", path));
      return { id: arn, arn };
    },
    read: ({ cluster, name }) => step("ecs", "DescribeServices", { cluster, services: [name] }),
  },
  "aws:appautoscaling/target:Target": {
    create: (inputs) =>
      step("application-autoscaling", "RegisterScalableTarget", inputs, { renames: { roleArn: "RoleARN" } }),
    outputs: ({ resourceId }) => ({ id: resourceId }),
  },
  "aws:appautoscaling/policy:Policy": {
    create: (inputs) =>
      step("application-autoscaling", "PutScalingPolicy", inputs, {
        renames: {
          name: "PolicyName",
          "targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.predefinedMetricType":
            "PredefinedMetricType",
        },
      }),
    outputs: ({ name }, answer) => ({ id: name, arn: text(answer, ["PolicyARN"], "") }),
  },
  "aws:ecr/repository:Repository": {
    create: (inputs) =>
      step("ecr", "CreateRepository", without(inputs, "forceDelete"), {
        renames: { name: "repositoryName", "encryptionConfigurations.kmsKey": "kmsKey" },
      }),
    outputs: ({ name }, _answer, place) => ({
      id: name,
      arn: arnAt(place, "ecr", `repository/${String(name)}`),
      registryId: place.accountId,
      repositoryUrl: `${place.accountId}.dkr.ecr.${place.region}.amazonaws.com/${String(name)}`,
    }),
    read: ({ name }) => step("ecr", "DescribeRepositories", { repositoryNames: [name] }),
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    create: (inputs) =>
      step("ecr", "PutLifecyclePolicy", inputs, {
        renames: { repository: "repositoryName", policy: "lifecyclePolicyText" },
      }),
  },
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    create: (inputs) =>
      step("ecr", "SetRepositoryPolicy", inputs, { renames: { repository: "repositoryName", policy: "policyText" } }),
  },
  "aws:lambda/function:Function": {
    create: (inputs) =>
      step("lambda", "CreateFunction", without(inputs, "imageUri"), {
        renames: {
          name: "FunctionName",
          "vpcConfig.ipv6AllowedForDualStack": "Ipv6AllowedForDualStack",
          "imageConfig.commands": "Command",
          "imageConfig.entryPoints": "EntryPoint",
          timeout: "Timeout",
          skipDestroy: undefined,
          replaceSecurityGroupsOnDestroy: undefined,
          replacementSecurityGroupIds: undefined,
        },
        parameters: {
          ...(inputs["imageUri"] === undefined ? {} : { Code: { ImageUri: inputs["imageUri"] } }),
        },
      }),
    outputs: ({ name }, _answer, place) => {
      const arn = arnAt(place, "lambda", `function:${String(name)}`);
      const path = `path/2015-03-31/functions/${arn}/invocations`;
      return {
        id: name,
        arn,
        invokeArn: `arn:aws:apigateway:${place.region}:lambda:${path}`,
        qualifiedArn: `${arn}:1`,
        version: "1",
      };
    },
    read: ({ name }) => step("lambda", "GetFunction", { functionName: name }),
  },
  "aws:lambda/permission:Permission": {
    create: (inputs) => step("lambda", "AddPermission", inputs, { renames: { function: "FunctionName" } }),
  },
  "aws:lambda/invocation:Invocation": {
    create: ({ functionName, input, qualifier }) =>
      step("lambda", "Invoke", { functionName, qualifier, payload: input }),
    outputs: () => ({ result: "{}" }),
  },
};
