/** What types of resources cost only for their use, in words for people. */
const usage: Record<string, string> = {
  "aws:backup/plan:Plan": "backups",
  "aws:cloudtrail/trail:Trail": "data events of CloudTrail",
  "aws:cloudwatch/logGroup:LogGroup": "log lines taken and kept",
  "aws:ec2/flowLog:FlowLog": "flow logs",
  "aws:ec2/natGateway:NatGateway": "traffic through NAT gateways",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "traffic through VPC endpoints",
  "aws:ecr/repository:Repository": "stored images",
  "aws:ecs/cluster:Cluster": "metrics of services and of Container Insights",
  "aws:ecs/service:Service": "tasks beyond the least number, traffic between zones and to the internet",
  "aws:efs/fileSystem:FileSystem": "files in EFS, read and written",
  "aws:guardduty/detector:Detector": "GuardDuty",
  "aws:kms/key:Key": "requests to keys",
  "aws:lambda/function:Function": "runs of functions",
  "aws:lb/loadBalancer:LoadBalancer": "load balancer capacity units",
  "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList": "DNS queries",
  "aws:s3/bucket:Bucket": "objects in S3, read and written",
  "aws:scheduler/schedule:Schedule": "runs of jobs",
  "aws:sns/topic:Topic": "notifications",
  "aws:sqs/queue:Queue": "messages in queues",
  "aws:wafv2/webAcl:WebAcl": "requests through the firewall",
};

/** What the resources of some types cost for their use, which nobody knows before, each once and sorted. */
export function usageOf(types: readonly string[]): string[] {
  return [...new Set(types.flatMap((type) => usage[type] ?? []))].sort();
}
