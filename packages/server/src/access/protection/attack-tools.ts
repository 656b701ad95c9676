/**
 * Recognises programs that look for weaknesses and are used for nothing else, by the User-Agent that they send when nobody tells them another one.
 * That an address uses one is a strong sign; that a program pretends to be a browser says nothing.
 */

const TOOLS = [
  // Weaknesses of applications.
  ...["sqlmap", "nikto", "nuclei", "wpscan", "acunetix", "nessus", "openvas", "arachni", "w3af", "skipfish", "havij", "commix"],
  // Names of files and folders.
  ...["dirbuster", "gobuster", "feroxbuster", "dirsearch", "wfuzz", "fuzz faster u fool"],
  // Ports and services.
  ...["masscan", "zgrab", "nmap scripting engine", "xprobe"],
  // Passwords.
  "hydra",
];
const NAMES = new RegExp(`(?:^|[^a-z])(${TOOLS.join("|")})(?:[^a-z]|$)`, "i");

/** The tool's name; null for every other program. @param userAgent the header of a request */
export function attackToolOf(userAgent: string | undefined): string | null {
  return userAgent === undefined ? null : (NAMES.exec(userAgent.slice(0, 512))?.[1]?.toLowerCase() ?? null);
}
