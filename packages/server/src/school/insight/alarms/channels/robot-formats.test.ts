/**
 * The formats of robots, against the requests and answers in their makers' documents: what is posted, how it is signed, what is taken for a
 * success, how long a message may be, and that nothing people write becomes markup.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type RobotKind, robotPost, robotRefusal } from "./robot-formats.ts";

const NOW = 1_599_360_473_000;
const TEXT = {
  title: "Lectern: 1 alarm",
  lines: ["[Critical] Node unreachable – n1"],
  url: "https://school.example/console/alarms",
};
const post = (kind: RobotKind, secret = "", text = TEXT, url = "https://robot.example/send?key=k") => {
  const { url: to, body } = robotPost(kind, url, secret, text, NOW);
  return { to, body: JSON.parse(body) };
};
const taken = (kind: RobotKind, text: string) => robotRefusal(kind, { error: null, text });

test("WeCom gets a text message", () => {
  const { to, body } = post("wecom");
  assert.equal(to, "https://robot.example/send?key=k");
  assert.deepEqual(body, {
    msgtype: "text",
    text: { content: "Lectern: 1 alarm\n[Critical] Node unreachable – n1\nhttps://school.example/console/alarms" },
  });
});

test("DingTalk gets a text message, and with a secret its time and signature in the address", () => {
  const url = "https://oapi.dingtalk.com/robot/send?access_token=XXXXXX";
  assert.equal(post("dingtalk", "", TEXT, url).to, url);
  const signed = new URL(post("dingtalk", "this is secret", TEXT, url).to);
  assert.equal(signed.searchParams.get("access_token"), "XXXXXX");
  assert.equal(signed.searchParams.get("timestamp"), String(NOW));
  // Of OpenSSL: printf '1599360473000\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64
  assert.equal(signed.searchParams.get("sign"), "hXZTWifRGHclNuZSKxoXc//sh51SWfVfRIhcdeKs63I=");
  assert.match(signed.search, /sign=[\w%]+$/, "signs such as + and / are escaped");
  assert.equal(post("dingtalk").body.msgtype, "text");
});

test("Feishu gets a post message with a link, and with a secret its time and signature in the body", () => {
  const { body } = post("feishu");
  assert.deepEqual(body, {
    msg_type: "post",
    content: {
      post: {
        zh_cn: {
          title: "Lectern: 1 alarm",
          content: [
            [{ tag: "text", text: "[Critical] Node unreachable – n1" }],
            [{ tag: "a", text: "https://school.example/console/alarms", href: "https://school.example/console/alarms" }],
          ],
        },
      },
    },
  });
  const signed = post("feishu", "demo").body;
  assert.equal(signed.timestamp, "1599360473");
  // Of OpenSSL: printf '' | openssl dgst -sha256 -hmac "$(printf '1599360473\ndemo')" -binary | base64
  assert.equal(signed.sign, "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=");
});

test("Slack gets blocks and a text for notifications", () => {
  assert.deepEqual(post("slack").body, {
    text: "Lectern: 1 alarm",
    blocks: [
      { type: "header", text: { type: "plain_text", text: "Lectern: 1 alarm" } },
      {
        type: "section",
        text: { type: "mrkdwn", text: "[Critical] Node unreachable – n1\nhttps://school.example/console/alarms" },
      },
    ],
  });
});

test("what people write is no mention and no markup", () => {
  const text = { ...TEXT, lines: ['<!channel> <@all> a & b <at user_id="all"></at>'] };
  assert.ok(!post("wecom", "", text).body.text.content.includes("<"));
  assert.ok(!post("dingtalk", "", text).body.text.content.includes("<"));
  assert.match(post("slack", "", text).body.blocks[1].text.text, /^&lt;!channel&gt; &lt;@all&gt; a &amp; b/);
  const [line] = post("feishu", "", text).body.content.post.zh_cn.content[0];
  assert.deepEqual(Object.keys(line), ["tag", "text"], "a text tag of a post has no markup");
});

test("the recorded answers of each robot are read: what was taken, and why something was not", () => {
  assert.equal(taken("wecom", '{"errcode":0,"errmsg":"ok"}'), null);
  assert.match(
    taken("wecom", '{"errcode":93000,"errmsg":"invalid webhook url, hint: [1600000000_1]"}') ?? "",
    /^93000 invalid webhook url/,
  );
  assert.match(taken("wecom", '{"errcode":45009,"errmsg":"api freq out of limit"}') ?? "", /^45009/);
  assert.equal(taken("dingtalk", '{"errcode":0,"errmsg":"ok"}'), null);
  assert.match(taken("dingtalk", '{"errcode":310000,"errmsg":"keywords not in content"}') ?? "", /^310000 keywords/);
  assert.equal(taken("feishu", '{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}'), null);
  assert.equal(taken("feishu", '{"Extra":null,"StatusCode":0,"StatusMessage":"success"}'), null);
  const unsigned = '{"code":19021,"data":{},"msg":"sign match fail or timestamp is not within one hour from current time"}';
  assert.match(taken("feishu", unsigned) ?? "", /^19021 sign match fail/);
  assert.equal(taken("slack", "ok"), null);
  assert.equal(robotRefusal("slack", { error: "invalid_payload", text: "invalid_payload" }), "invalid_payload");
  for (const kind of ["wecom", "dingtalk", "feishu"] as const) assert.match(taken(kind, "<html>") ?? "", /no answer of a robot/);
});

test("a message of any length fits what a robot takes, in whole characters", () => {
  const lines = fc.array(fc.string({ unit: "binary", maxLength: 300 }), { maxLength: 60 });
  fc.assert(
    fc.property(lines, (all) => {
      const text = { ...TEXT, lines: all.map((line) => line.replaceAll("\n", " ")) };
      const wecom = post("wecom", "", text).body.text.content;
      assert.ok(Buffer.byteLength(wecom) <= 2048);
      assert.ok(!wecom.includes("\u{fffd}") || all.some((line) => line.includes("\u{fffd}")));
      assert.ok(Buffer.byteLength(JSON.stringify(post("feishu", "", text).body)) < 20_000 * 4);
      assert.ok(post("slack", "", text).body.blocks[1].text.text.length <= 3000);
    }),
    { numRuns: 50 },
  );
});
