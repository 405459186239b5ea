import * as pulumi from "@pulumi/pulumi";

class Thing extends pulumi.CustomResource {
  constructor(name: string, seconds: number, options: pulumi.CustomResourceOptions = {}) {
    super("slow:index:Thing", name, { seconds }, options);
  }
}

const first = new Thing("first", 0);
const second = new Thing("second", new pulumi.Config().requireNumber("seconds"), { dependsOn: first });
new Thing("third", 0, { dependsOn: second });
