/** Shows a QR code, drawn in the browser. */
import { toString as toSvg } from "qrcode";
import { useEffect, useState } from "react";

export function QrCode({ text, label }: { text: string; label: string }) {
  const [src, setSrc] = useState("");
  useEffect(() => {
    let isCancelled = false;
    void toSvg(text, { type: "svg", margin: 2, errorCorrectionLevel: "M" }).then((svg) => {
      if (!isCancelled) setSrc(`data:image/svg+xml,${encodeURIComponent(svg)}`);
    });
    return () => {
      isCancelled = true;
    };
  }, [text]);
  return <img className="qr" width={168} height={168} alt={label} {...(src ? { src } : {})} />;
}
