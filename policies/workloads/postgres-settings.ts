/** The unit of a plain number, in kB, where PostgreSQL counts a size. */
const BASE_KB: Readonly<Record<string, number>> = {
  shared_buffers: 8,
  effective_cache_size: 8,
  wal_buffers: 8,
  work_mem: 1,
  maintenance_work_mem: 1,
  min_wal_size: 1024,
  max_wal_size: 1024,
};

const UNIT_KB: Readonly<Record<string, number>> = { kB: 1, MB: 1024, GB: 1024 ** 2, TB: 1024 ** 3 };

/** The value of a setting in one form: sizes in kB, numbers without trailing zeros, everything else as it stands. */
export function canonicalSetting(name: string, value: string): string {
  const match = /^(\d+(?:\.\d+)?) ?(kB|MB|GB|TB)?$/.exec(value.trim());
  if (match === null) {
    return value.trim().toLowerCase();
  }
  const [, number = "", unit] = match;
  const factor = unit === undefined ? (BASE_KB[name] ?? 1) : (UNIT_KB[unit] ?? 1);
  return String(Number(number) * factor);
}

/** Whether two values of a setting mean the same: `2GB` and `262144` of shared_buffers. */
export function sameSetting(name: string, a: string, b: string): boolean {
  return canonicalSetting(name, a) === canonicalSetting(name, b);
}
