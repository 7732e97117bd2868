-- Asks for the paths in the file that is named first, one after the other; with a second number each connection waits that
-- many milliseconds in the middle between two requests. Says at the end what was measured, as JSON.

local paths, wait, n = {}, 0, 0

function init(arguments)
   for path in io.lines(arguments[1]) do paths[#paths + 1] = path end
   wait = tonumber(arguments[2] or "0")
   wrk.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.4.0"
end

function request()
   n = n % #paths + 1
   return wrk.format("GET", paths[n])
end

function delay()
   return math.floor(math.random() * 2 * wait + 0.5)
end

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      '{"requests":%d,"seconds":%f,"p99_ms":%f,"errors":%d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e3,
      errors.connect + errors.read + errors.write + errors.status + errors.timeout
   ))
end
