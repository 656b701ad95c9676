/** A QR code as a picture. */
import { toString as toSvg } from "qrcode";
import { useEffect, useState } from "react";

export function QrCode({ text, label }: { text: string; label: string }) {
  const [picture, setPicture] = useState("");
  useEffect(() => {
    let over = false;
    void toSvg(text, { type: "svg", margin: 2, errorCorrectionLevel: "M" }).then((svg) => {
      if (!over) setPicture(`data:image/svg+xml,${encodeURIComponent(svg)}`);
    });
    return () => {
      over = true;
    };
  }, [text]);
  return <img className="qr" width={168} height={168} alt={label} {...(picture ? { src: picture } : {})} />;
}
