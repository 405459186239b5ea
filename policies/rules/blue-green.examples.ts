import { colourAddress, colourRule, colourService, colourSet } from "../testing/colour-fixtures.ts";
import type { Examples } from "../testing/examples.ts";

export const examples: Examples = {
  good: [
    {
      title: "Two sets of which blue has the traffic",
      resources: [colourSet("blue"), colourSet("green", 0), colourAddress("blue")],
    },
    { title: "A service of ECS that is released by colour", resources: [colourService(), colourRule(100, 0)] },
  ],
  bad: [
    {
      title: "An address that leads to both sets",
      resources: [colourSet("blue"), colourSet("green"), colourAddress()],
      property: "spec.selector",
    },
    {
      title: "A rule that gives both target groups traffic",
      resources: [colourService(), colourRule(50, 50)],
      property: "actions[0].forward.targetGroups",
      anyValue: true,
    },
  ],
};
