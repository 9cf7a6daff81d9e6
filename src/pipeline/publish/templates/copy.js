/* Links to feeds copy their address where the browser lets them; without this they are links. */
"use strict";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copied]");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const words = link.textContent;
  try {
    await navigator.clipboard.writeText(link.href);
    link.textContent = link.dataset.copied;
    document.getElementById("copied").textContent = `${link.dataset.copied} ${link.href}`;
    setTimeout(() => { link.textContent = words; }, 2000);
  } catch {
    location.href = link.href;
  }
});
