import { PolicyPack } from "@pulumi/policy";

new PolicyPack("bare", { policies: [] });
