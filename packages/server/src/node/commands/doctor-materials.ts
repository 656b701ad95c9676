/** Checks for `lectern doctor` whether slides can be converted here, what with, and in a sandbox. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { missingProtection, probeSandbox, type SandboxMode } from "../../library/materials/sandbox.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Finding } from "./doctor-operators.ts";

export type MaterialTools = {
  readonly poppler: boolean;
  readonly soffice: boolean;
  readonly webp: boolean;
  /** A font with Chinese letters. */
  readonly chinese: boolean;
  /** Null: programs cannot be closed off here. */
  readonly sandbox: SandboxMode | null;
};

export async function checkMaterials({ materials }: Pick<Config, "materials">): Promise<Finding[]> {
  const [poppler, soffice, encoders, fonts, sandbox] = await Promise.all([
    answers("pdftoppm", ["-v"]),
    answers("sh", ["-c", "command -v soffice"]),
    output("ffmpeg", ["-hide_banner", "-encoders"]),
    output("fc-list", [":lang=zh", "family"]),
    probeSandbox().catch(() => null),
  ]);
  const tools = { poppler, soffice, webp: encoders.includes("libwebp"), chinese: fonts.trim() !== "", sandbox };
  return describeMaterials(tools, materials.sandbox);
}

export function describeMaterials(
  { poppler, soffice, webp, chinese, sandbox }: MaterialTools,
  wanted: "required" | "off",
): Finding[] {
  const advice = (what: string, fix: string): Finding => ({ state: "advice", what, fix });
  const findings: Finding[] = [];
  if (!poppler || !webp) {
    const lacks = [...(poppler ? [] : ["poppler"]), ...(webp ? [] : ["an ffmpeg with libwebp"])].join(" and ");
    findings.push(advice(`slides cannot be converted: this machine lacks ${lacks}`, "apt-get install poppler-utils ffmpeg"));
  } else if (!soffice) {
    findings.push(
      advice(
        "slides: PDF and pictures are converted; PowerPoint and Word are refused, because LibreOffice is missing",
        "apt-get install --no-install-recommends libreoffice-impress libreoffice-writer (docs/slides.md)",
      ),
    );
  } else findings.push({ state: "good", what: "slides: PDF, PowerPoint, Word and pictures are converted" });
  if (!chinese)
    findings.push(
      advice("slides: no font has Chinese letters", "apt-get install fonts-noto-cjk, or fonts-wqy-microhei, which is smaller"),
    );
  if (wanted === "off")
    findings.push(
      advice("slides are converted without a sandbox (materials.sandbox)", "set materials.sandbox to required (docs/slides.md)"),
    );
  else if (sandbox === null)
    findings.push(
      advice(
        `slides are not converted: ${missingProtection(sandbox)}`,
        "docs/slides.md, The sandbox, says what systemd, Docker and Ubuntu need",
      ),
    );
  else if (sandbox === "confined")
    findings.push({ state: "good", what: `slides: the sandbox works by filters of the kernel; ${missingProtection(sandbox)}` });
  else
    findings.push({
      state: "good",
      what: `slides: the sandbox works (${sandbox === "root" ? "a user for each file" : "namespaces of the user"})`,
    });
  return findings;
}

async function answers(command: string, args: readonly string[]): Promise<boolean> {
  return await promisify(execFile)(command, [...args]).then(
    () => true,
    () => false,
  );
}

async function output(command: string, args: readonly string[]): Promise<string> {
  return await promisify(execFile)(command, [...args]).then(
    ({ stdout }) => stdout,
    () => "",
  );
}
