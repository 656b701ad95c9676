/** Shows what a stream shows now, and words where it has no picture yet. */
import { useEffect, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import "./thumbnail.css";

/** Looks after each other, not without end: a screen may stay open for weeks. */
const LOOKS = 100;

/** The number of a look, which changes the addresses of thumbnails, so that the browser loads them again. */
export function useLook(everyMs: number): number {
  const [look, setLook] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setLook((before) => (before + 1) % LOOKS), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return look;
}

/** The title beside it says what it is a picture of. A stream that has no picture yet is asked for it again with the next address. */
export function Thumbnail({ address }: { address: string }) {
  const { t } = useTranslation();
  const [isMissing, setIsMissing] = useState(false);
  return (
    <div className="thumbnail">
      <img
        className="still"
        src={address}
        alt=""
        width={320}
        height={180}
        onError={() => setIsMissing(true)}
        onLoad={() => setIsMissing(false)}
      />
      {isMissing ? <span className="no-still">{t("noThumbnail")}</span> : null}
    </div>
  );
}
