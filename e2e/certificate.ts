/** Makes self-signed certificates for tests. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** @param env of openssl: a shifted clock makes a certificate that has expired */
export function makeCertificate(
  directory: string,
  name: string,
  env: Readonly<Record<string, string>> = {},
): { cert: string; key: string } {
  const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.pem`)];
  const subject = ["-subj", `/CN=${name}`, "-days", "2"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
    env: { ...process.env, ...env },
  });
  return { cert, key };
}
