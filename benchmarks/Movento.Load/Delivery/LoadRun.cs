using System.Globalization;
using Movento.Load.Measure;

namespace Movento.Load.Delivery;

/// <summary>One run of wrk against one server.</summary>
/// <param name="RequestsPerSecond">Answered whole.</param>
/// <param name="MegabytesPerSecond">Of answers, heads included.</param>
/// <param name="CpuMicroseconds">The server's, a request.</param>
/// <param name="CpuSecondsPerGigabyte">The server's.</param>
/// <param name="P50">Milliseconds from a request to the end of its answer.</param>
/// <param name="P99">The same, that one in a hundred passes.</param>
internal readonly record struct LoadRun(
    double RequestsPerSecond, double MegabytesPerSecond, double CpuMicroseconds, double CpuSecondsPerGigabyte, double P50, double P99)
{
    // What wrk writes when it is done; its own table rounds.
    private const string Report =
        "done = function(s, l) io.write(string.format('RESULT %d %d %d %f %f %d\\n', s.requests, s.bytes, s.duration, l:percentile(50), l:percentile(99), "
        + "s.errors.connect + s.errors.read + s.errors.write + s.errors.status + s.errors.timeout)) end\n";

    /// <summary>Asks for one file, or the mix, over and over on so many connections.</summary>
    /// <exception cref="InvalidOperationException">An answer was an error, or none came.</exception>
    public static Task<LoadRun> MeasureAsync(
        IDeliveryServer server, DeliveredFile? file, int connections, TimeSpan duration, string folder, CancellationToken cancellationToken) =>
        MeasureAsync(
            server, file?.Name ?? DeliveredFile.MixName, file is null ? MixScript(server) : RangeScript(file), server.UrlOf(file ?? DeliveredFile.All[0]), connections, duration,
            folder, cancellationToken);

    /// <summary>Asks for what a script says, on so many connections.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="what">What it asks for, as errors call it.</param>
    /// <param name="asking">In wrk's Lua.</param>
    /// <param name="url">Where the script says nothing else.</param>
    /// <param name="connections">Of all of wrk's threads, one for each processor.</param>
    /// <param name="duration">How long.</param>
    /// <param name="folder">For the script.</param>
    /// <param name="cancellationToken">Ends wrk.</param>
    /// <exception cref="InvalidOperationException">An answer was an error, or none came.</exception>
    public static async Task<LoadRun> MeasureAsync(
        IDeliveryServer server, string what, string asking, Uri url, int connections, TimeSpan duration, string folder, CancellationToken cancellationToken)
    {
        var script = Path.Combine(folder, "wrk.lua");
        await File.WriteAllTextAsync(script, Report + asking, cancellationToken);
        var threads = Math.Min(connections, Environment.ProcessorCount);
        string[] command =
        [
            "sh", "-c", "ulimit -n $(ulimit -Hn); exec \"$@\"", "sh",
            "wrk", "-t", Invariant(threads), "-c", Invariant(connections), "-d", Invariant(duration.TotalSeconds) + "s", "--timeout", "30s", "-s", script, url.AbsoluteUri,
        ];
        var before = ProcessTree.CpuSeconds(server.Processes);
        var output = await PeerProcess.RunAsync(command, folder, cancellationToken);
        var cpu = ProcessTree.CpuSeconds(server.Processes) - before;
        var result = output.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk said nothing of {server.Name}: {output}");
        var figures = result.Split(' ')[1..].Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        var (requests, bytes, microseconds) = (figures[0], figures[1], figures[2]);
        if (figures[5] > requests / 1000 || requests == 0)
            throw new InvalidOperationException($"{server.Name} answered {figures[5]} of {requests} requests for {what} with an error or not at all.");
        return new LoadRun(
            requests / microseconds * 1e6, bytes / microseconds, cpu / requests * 1e6, cpu / bytes * 1e9, figures[3] / 1000, figures[4] / 1000);
    }

    private static string RangeScript(DeliveredFile file) => file.RangeSize == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $$"""
        local started = 0
        setup = function(thread) started = started + 1; thread:set("number", started) end
        init = function() math.randomseed(number) end
        request = function()
          local first = math.random(0, {{file.Size - file.RangeSize}})
          wrk.headers["Range"] = "bytes=" .. first .. "-" .. (first + {{file.RangeSize - 1}})
          return wrk.format("GET")
        end
        """);

    private static string MixScript(IDeliveryServer server)
    {
        var paths = DeliveredFile.Mix.SelectMany(part => Enumerable.Repeat(server.UrlOf(part.File).PathAndQuery, part.Share));
        return $$"""
            local paths = { {{string.Join(", ", paths.Select(path => $"\"{path}\""))}} }
            local next = 0
            request = function() next = next % #paths + 1; return wrk.format("GET", paths[next]) end
            """;
    }

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);
}
