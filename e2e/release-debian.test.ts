/**
 * The package for Debian, installed in a Debian that has ffmpeg: its user, unit and configuration, the demonstration in Chromium, an upgrade that drains
 * first, a removal that keeps data. systemd does not run there: what is called of it is written down. Only by name: it needs debootstrap, and builds releases.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { debianRoot } from "./debian-root.ts";
import { lessonIds, seeDemoLesson } from "./demo-in-chromium.ts";
import { artefact, releaseOf, VERSIONS } from "./release-artefacts.ts";

const WANTED = "/etc/systemd/system/multi-user.target.wants/lectern.service";
/** Enables the unit, and writes down what starts and stops it, with the version that is installed at that moment. */
const SYSTEMCTL = `#!/bin/sh
case "$*" in
  *preset*) ln -sf /usr/lib/systemd/system/lectern.service ${WANTED} ;;
  *is-enabled*) test -L ${WANTED} && echo enabled ;;
  *start*|*stop*) echo "\${*#--quiet --system } $(sed -n 's/.*"version": "\\(.*\\)",/\\1/p' /usr/lib/lectern/lib/server/package.json)" >>/var/log/systemctl ;;
esac
`;
const CONFIGURATION = "http: { port: 18080, host: 127.0.0.1 }\nrtmp: { port: 11935, host: 127.0.0.1 }\nwebrtc: { port: 18189 }\n";

test("it installs, runs as its own user, is upgraded with its data, and removed without them", async (t) => {
  const root = debianRoot(t);
  const at = (path: string) => join(root.written, path);
  mkdirSync(at("packages"));
  for (const version of Object.values(VERSIONS)) cpSync(artefact(releaseOf(version), "_amd64.deb"), at(`packages/${version}.deb`));
  mkdirSync(at("usr/bin"), { recursive: true });
  writeFileSync(at("usr/bin/systemctl"), SYSTEMCTL, { mode: 0o755 });
  mkdirSync(at("run/systemd/system"), { recursive: true });

  assert.match(root.run("dpkg", "--install", `/packages/${VERSIONS.older}.deb`), /password of "admin" is in the log/);
  assert.equal(root.run("lectern", "--version"), `lectern ${VERSIONS.older}\n`);
  assert.match(root.run("getent", "passwd", "lectern"), /^lectern:x:\d+:\d+:.*:\/var\/lib\/lectern:\/usr\/sbin\/nologin$/m);
  const uid = Number(root.run("id", "-u", "lectern"));
  assert.deepEqual([statSync(at("var/lib/lectern")).uid, statSync(at("var/lib/lectern")).mode & 0o777], [uid, 0o700]);
  assert.equal(statSync(at("etc/lectern/lectern.yaml")).mode & 0o777, 0o640);
  const unit = readFileSync(at("usr/lib/systemd/system/lectern.service"), "utf8");
  for (const line of ["Type=notify", "User=lectern", "ExecStart=/usr/bin/lectern serve", "StateDirectory=lectern"])
    assert.ok(unit.includes(`\n${line}\n`), line);
  root.run("test", "-L", WANTED);

  appendFileSync(at("etc/lectern/lectern.yaml"), CONFIGURATION);
  const asUser = ["setpriv", "--reuid=lectern", "--regid=lectern", "--init-groups", "/usr/bin/lectern"];
  assert.match(root.run(...asUser, "config", "check", "/etc/lectern/lectern.yaml"), /no mistakes/);
  const first = await root.serve([...asUser, "serve", "--demo"]);
  await seeDemoLesson(t, first, "release-debian");
  const lessons = await lessonIds(first);
  assert.equal(await first.stop(), 0);

  root.run("dpkg", "--install", `/packages/${VERSIONS.newer}.deb`);
  assert.ok(
    readFileSync(at("etc/lectern/lectern.yaml"), "utf8").endsWith(CONFIGURATION),
    "the configuration is the administrator's",
  );
  assert.deepEqual(readFileSync(at("var/log/systemctl"), "utf8").trim().split("\n"), [
    `start lectern.service ${VERSIONS.older}`,
    `stop lectern.service ${VERSIONS.older}`,
    `start lectern.service ${VERSIONS.newer}`,
  ]);
  const next = await root.serve([...asUser, "serve"]);
  assert.deepEqual(await lessonIds(next), lessons);
  assert.equal(await next.stop(), 0);

  root.run("dpkg", "--remove", "lectern");
  assert.ok(existsSync(at("etc/lectern/lectern.yaml")));
  assert.match(root.run("dpkg", "--purge", "lectern"), /are kept in \/var\/lib\/lectern/);
  assert.ok(existsSync(at("var/lib/lectern/db")));
  assert.throws(() => root.run("test", "-e", "/etc/lectern"));
  root.run("dpkg", "--install", `/packages/${VERSIONS.older}.deb`);
  root.run("env", "LECTERN_PURGE_DATA=yes", "dpkg", "--purge", "lectern");
  assert.throws(() => root.run("test", "-e", "/var/lib/lectern"));
});

test("Debian takes a candidate for older than its release, and knows what else is needed", () => {
  const deb = artefact(releaseOf(VERSIONS.older), "_amd64.deb");
  const info = execFileSync("dpkg-deb", ["--field", deb, "Version", "Depends"], { encoding: "utf8" });
  assert.match(info, /Version: 9\.0\.0~rc\.1\n/);
  assert.match(info, /ffmpeg/);
  execFileSync("dpkg", ["--compare-versions", "9.0.0~rc.1", "lt", "9.0.0"]);
});
