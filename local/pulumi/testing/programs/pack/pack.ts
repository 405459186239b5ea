import { PolicyPack, validateResourceOfType } from "@pulumi/policy";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

new PolicyPack("test-pack", {
  policies: [
    {
      name: "long-passwords",
      description: "A password has at least 16 characters.",
      enforcementLevel: "mandatory",
      validateResource: validateResourceOfType(RandomPassword, ({ length }, _args, report) => {
        if (length < 16) report(`a password of ${length} characters is too short`);
      }),
    },
  ],
});
