/** CPU units (1024 to a vCPU) and memory in MiB of a task. */
export interface FargateSize {
  cpu: number;
  memory: number;
}

/** What a container needs of its task. */
export interface ContainerDemand {
  /** CPU units that it always gets. */
  cpuRequest: number;
  /** CPU units that it may get. */
  cpuLimit: number;
  /** The most memory that it may use, in MiB. */
  memory: number;
}

/** The memory that Fargate sells with each amount of CPU: from, to and in steps of so many GiB; Linux, up to 16 vCPU. */
const steps: readonly [cpu: number, memory: readonly number[]][] = [
  [256, [512, 1024, 2048]],
  [512, gibibytes(1, 4, 1)],
  [1024, gibibytes(2, 8, 1)],
  [2048, gibibytes(4, 16, 1)],
  [4096, gibibytes(8, 30, 1)],
  [8192, gibibytes(16, 60, 4)],
  [16_384, gibibytes(32, 120, 8)],
];

/** Every size that Fargate sells. */
export const fargateSizes: readonly FargateSize[] = steps.flatMap(([cpu, memories]) =>
  memories.map((memory) => ({ cpu, memory })),
);

/** A vCPU costs about as much as nine GiB of memory, in every region. */
const gibibytesOfVcpu = 9;

/** What a size costs in relation to others. */
export function relativePrice({ cpu, memory }: FargateSize): number {
  return (cpu / 1024) * gibibytesOfVcpu + memory / 1024;
}

/**
 * The cheapest size in which containers fit: each may reach its CPU limit, all have what they request at once, and all may
 * use their memory at once. Undefined if Fargate has none.
 */
export function fargateSize(containers: readonly ContainerDemand[]): FargateSize | undefined {
  const sum = (part: "cpuRequest" | "memory") => containers.reduce((total, container) => total + container[part], 0);
  const cpu = Math.max(sum("cpuRequest"), ...containers.map(({ cpuLimit }) => cpuLimit));
  const memory = sum("memory");
  return fargateSizes
    .filter((size) => size.cpu >= cpu && size.memory >= memory)
    .sort((a, b) => relativePrice(a) - relativePrice(b))[0];
}

function gibibytes(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
}
