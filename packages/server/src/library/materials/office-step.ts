/** Converts office documents to PDF with LibreOffice, with a profile in which macros do not run and links are not followed. */
import { access, chown, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OfficeFormat } from "./office-facts.ts";
import { MaterialFailure } from "./problem.ts";
import type { SandboxJob } from "./sandbox.ts";
import { runStep } from "./steps.ts";

/** Settings of LibreOffice (org.openoffice.*): 3 is the highest level of macro security; links of documents are never updated. */
const SETTINGS: readonly (readonly [path: string, name: string, value: string])[] = [
  ["/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"],
  ["/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"],
  ["/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"],
  ["/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"],
  ["/org.openoffice.Office.Writer/Content/Update", "Link", "0"],
  ["/org.openoffice.Office.Common/Load", "UpdateDocMode", "0"],
  ["/org.openoffice.Office.Common/Misc", "FirstRun", "false"],
];
const PROFILE = "/job/home/profile";
/**
 * Without its starter, which wants a socket in the /tmp that it shares with the whole container where there are no namespaces. Code 81 means that it wants to
 * be started again, as with a new profile.
 */
const WITHOUT_STARTER = `program=$(dirname "$(readlink -f "$(command -v soffice)")")/soffice.bin
"$program" "$@"
code=$?
[ "$code" = 81 ] || exit "$code"
exec "$program" "$@"`;

/** Makes /job/source.pdf of /job/source.FORMAT. @throws MaterialFailure */
export async function convertOffice(job: SandboxJob, format: OfficeFormat): Promise<void> {
  await writeProfile(job);
  const options = ["--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault"];
  const converted = ["--convert-to", "pdf", "--outdir", "/job/pdf", `/job/source.${format}`];
  const program = job.mode === "confined" ? ["sh", "-c", WITHOUT_STARTER, "sh", "-env:OSL_SOCKET_PATH=tmp"] : ["soffice"];
  const run = await runStep(job, [...program, `-env:UserInstallation=file://${PROFILE}`, ...options, ...converted]);
  const made = join(job.folder, "pdf", "source.pdf");
  // LibreOffice ends with 0 also where it cannot read a file.
  await access(made).catch(() => {
    throw new MaterialFailure("damaged", `${run.stdout} ${run.stderr}`.trim().slice(-300));
  });
  await rename(made, join(job.folder, "source.pdf"));
}

async function writeProfile({ folder, user }: SandboxJob): Promise<void> {
  const items = SETTINGS.map(
    ([path, name, value]) =>
      `<item oor:path="${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  );
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${items.join("")}</oor:items>
`;
  const profile = join(folder, "home/profile/user");
  await mkdir(profile, { recursive: true });
  const file = join(profile, "registrymodifications.xcu");
  await writeFile(file, xml);
  if (user === 0) return;
  for (const path of [join(folder, "home/profile"), profile, file]) await chown(path, user, user);
}
