// What every public page does about the network: says when it is gone, has the service worker keep what
// a report needs, and shows what waits to be sent. Nothing of it on a terminal for everybody.
import { showWaiting } from "../shared/outbox/banner.js";
import { watchNetwork } from "./network_line.js";
import { keepForLater, leaveNothing } from "./register.js";

const frame = document.querySelector("[data-on-device]");
if (document.documentElement.hasAttribute("data-kiosk")) {
  leaveNothing();
} else if (frame) {
  const line = frame.querySelector("[data-network-line]");
  if (line) watchNetwork(line);
  showWaiting(frame.querySelector("[data-waiting]"));
  keepForLater(frame);
  // Pages that fill the window leave room for what is said here.
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--on-device", `${frame.offsetHeight}px`);
  }).observe(frame);
}
