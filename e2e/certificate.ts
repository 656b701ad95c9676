/** Makes self-signed certificates for tests. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";

export function makeCertificate(directory: string, name: string): { cert: string; key: string } {
  const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.pem`)];
  const subject = ["-subj", `/CN=${name}`, "-days", "2"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  return { cert, key };
}
