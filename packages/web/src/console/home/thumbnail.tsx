/** What a stream shows now, and words where it has no picture yet. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import "./thumbnail.css";

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
