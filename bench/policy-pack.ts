import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { root } from "../local/deploy/stack-file.ts";
import { catalogue } from "../policies/catalogue.ts";
import { startAnalyzer, type TestResource } from "../policies/testing/analyzer.ts";
import type { Examples } from "../policies/testing/examples.ts";
import { workload } from "../policies/testing/fixtures.ts";
import { compared, limited, race, type Figure } from "./measure.ts";

const starts = 9;
const rounds = 5;
const requests = 100;
const stackSize = 200;
const pack = join(root, "policies");
const barePack = join(root, "bench", "programs", "bare-pack");

/** Start of the policy pack, and what it takes to judge a resource and a stack, against a pack without policies. */
export async function policyPack(): Promise<Figure[]> {
  const start = (folder: string) => async () => (await startAnalyzer(folder)).close();
  const started = await race({ bare: start(barePack), full: start(pack) }, starts);

  const bare = await startAnalyzer(barePack);
  const full = await startAnalyzer(pack);
  try {
    const judge = (analyzer: typeof full) => async () => {
      for (let request = 0; request < requests; request++) await analyzer.analyze(workload());
    };
    const judged = await race({ bare: judge(bare), full: judge(full) }, rounds);
    const each = (judged.full.median - judged.bare.median) / requests / catalogue.length;

    const [stack, twice] = [await stackOf(stackSize), await stackOf(2 * stackSize)];
    const stacks = await race(
      {
        bare: () => bare.analyzeStack(stack),
        once: () => full.analyzeStack(stack),
        twice: () => full.analyzeStack(twice),
      },
      rounds,
    );
    return [
      compared("start of the policy pack", started.full, "bare pack", started.bare, 1.15),
      compared(`${requests} Deployments judged by ${catalogue.length} policies`, judged.full, "bare pack", judged.bare),
      limited("one policy on one resource", each, 0.03),
      compared(`stack of ${stackSize} resources judged`, stacks.once, "bare pack", stacks.bare),
      limited(`stack of ${stackSize} resources judged`, stacks.once.median, 1000),
      compared(`stack of ${2 * stackSize} resources judged`, stacks.twice, `stack of ${stackSize}`, stacks.once, 2.3),
    ];
  } finally {
    await bare.close();
    await full.close();
  }
}

/** A stack made of the resources that the policies' own examples call good, in turns. */
async function stackOf(size: number): Promise<TestResource[]> {
  const rules = join(pack, "rules");
  const files = (await readdir(rules)).filter((file) => file.endsWith(".examples.ts")).sort();
  const resources: TestResource[] = [];
  for (const file of files) {
    const { examples } = (await import(join(rules, file))) as { examples: Examples };
    resources.push(...examples.good.flatMap((example) => example.resources));
  }
  return Array.from({ length: size }, (_, index) => {
    const { name = "subject", ...resource } = resources[index % resources.length] ?? workload();
    return { ...resource, name: `${name}-${index}` };
  });
}
