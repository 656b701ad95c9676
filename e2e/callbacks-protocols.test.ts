/** The callbacks that a back end gets for publishers and viewers of each protocol, field by field. Only with --all, or by name. */
import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import { allow, backEnd, EVENTS, of, settings } from "./back-end.ts";
import { startLectern, until } from "./lectern.ts";
import { push, watch } from "./lesson-client.ts";
import { runsAll, runsRare } from "./long-tests.ts";

for (const workers of runsRare ? ["1", "2"] : ["2"]) {
  test(`SRS: publish, play and stop of every protocol are told word for word, each once, on ${workers} worker(s)`, async (t) => {
    const { heard, url } = await backEnd(t, allow);
    const lectern = await startLectern(t, settings(url, { workers, "publish.graceSeconds": "1" }));
    const publisher = push(t, `${lectern.rtmp}/live/math?token=abc`);
    await lectern.stream("math", (stream) => stream.video !== null);
    const [published] = of(heard, "on_publish");
    const common = { server_id: hostname(), ip: "127.0.0.1", vhost: "__defaultVhost__", app: "live" };
    const tcUrl = `${lectern.rtmp}/live`;
    const stream = { stream: "math", stream_url: "/live/math", stream_id: "live/math" };
    assert.deepEqual(published, {
      ...common,
      action: "on_publish",
      client_id: published?.["client_id"],
      tcUrl,
      pageUrl: "",
      ...stream,
      param: "?token=abc",
    });
    const [connected] = of(heard, "on_connect");
    assert.deepEqual(connected, { ...common, action: "on_connect", client_id: published?.["client_id"], tcUrl, pageUrl: "" });

    for (const [protocol, address] of [
      ["flv", `${lectern.http}/live/math.flv?u=flv`],
      ["ws", `ws://127.0.0.1:${lectern.httpPort}/live/math.flv?u=ws`],
      ["hls", `${lectern.http}/live/math.m3u8?u=hls`],
      ["rtmp", `${lectern.rtmp}/live/math?u=rtmp`],
    ] as const) {
      const watching = watch(address);
      await until(() => watching.bytes() > 10_000, `a picture by ${protocol}`);
      const played = of(heard, "on_play").find((one) => one["param"] === `?u=${protocol}`);
      const clientId = played?.["client_id"];
      const expected = {
        ...common,
        client_id: clientId,
        tcUrl: protocol === "rtmp" ? tcUrl : "",
        pageUrl: "",
        ...stream,
        param: `?u=${protocol}`,
      };
      assert.deepEqual(played, { ...expected, action: "on_play" });
      if (protocol === "hls" && (workers === "2" || runsAll)) {
        // Longer than the time after which a viewer would be gone: it is still there, whichever worker it asks.
        await new Promise((resolve) => setTimeout(resolve, 14_000));
        assert.deepEqual(
          of(heard, "on_stop").filter((one) => one["client_id"] === clientId),
          [],
        );
      }
      watching.leave();
      const stopped = await until(
        () => of(heard, "on_stop").find((one) => one["client_id"] === clientId) ?? null,
        `the end by ${protocol}`,
      );
      assert.deepEqual(stopped, { ...expected, action: "on_stop" });
    }
    publisher.child.kill("SIGKILL");
    const unpublished = await until(() => of(heard, "on_unpublish")[0] ?? null, "the publisher's end");
    assert.deepEqual(unpublished, { ...published, action: "on_unpublish" });
    await until(() => of(heard, "on_close").length === of(heard, "on_connect").length, "all connections' ends");
    const count = (action: string) => of(heard, action).length;
    assert.deepEqual(EVENTS.map(count), [2, 2, 1, 1, 4, 4]);
    const ids = of(heard, "on_play").map((one) => one["client_id"]);
    assert.equal(new Set(ids).size, 4);
    assert.deepEqual(
      of(heard, "on_stop")
        .map((one) => one["client_id"])
        .sort(),
      [...ids].sort(),
    );
  });
}
