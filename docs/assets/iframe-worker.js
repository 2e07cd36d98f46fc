// The search of the site runs in a worker, and a browser starts none for a page that was opened from a file. There a
// hidden frame takes its place: it loads the worker's script, and messages are handed to and fro.
if (location.protocol === "file:") {
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super()
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      document.body.appendChild(this.frame)
      this.inside = this.frame.contentWindow
      this.ready = new Promise((resolve) => this.frame.addEventListener("load", resolve, { once: true }))
      this.inside.document.open()
      this.inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }))
      this.inside.document.write(`<script src="${new URL(url, location.href)}"><\/script>`)
      this.inside.document.close()
    }

    postMessage(data) {
      this.ready.then(() => this.inside.dispatchEvent(new this.inside.MessageEvent("message", { data })))
    }

    terminate() {
      this.frame.remove()
    }
  }
  window.Worker = window.IFrameWorker
}
