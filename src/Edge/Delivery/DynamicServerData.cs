using System.Globalization;
using Microsoft.Extensions.Primitives;
using Movento.Edge.Connections;

namespace Movento.Edge.Delivery;

/// <summary>The texts of <c>CMSD-Dynamic</c> (CTA-5006): a list with one item, this server. Made once for each step of the estimate, then given out again.</summary>
internal sealed class DynamicServerData(string name)
{
    // Steps of a quarter of an octave: an estimate is not truer than that. From 64 kb/s to 16 Tb/s, and from 1 ms to a minute.
    private const int ThroughputSteps = 112;
    private const int RoundTripSteps = 64;
    private const int StepsAnOctave = 4;
    private const double LeastThroughput = 64;

    private readonly StringValues[] _texts = new StringValues[(ThroughputSteps + 1) * (RoundTripSteps + 1)];

    /// <param name="estimate">Of the connection; default where nothing is known.</param>
    /// <param name="waited">How long the first byte took: <c>rd</c>, left out below a millisecond.</param>
    public StringValues Of(TcpEstimate estimate, TimeSpan waited)
    {
        var throughput = StepOf(estimate.KilobitsPerSecond / LeastThroughput, ThroughputSteps);
        var roundTrip = StepOf(estimate.RoundTripMilliseconds, RoundTripSteps);
        if (waited.TotalMilliseconds >= 1) return Text(throughput, roundTrip, (long)waited.TotalMilliseconds);
        ref var text = ref _texts[throughput * (RoundTripSteps + 1) + roundTrip];
        if (text.Count == 0) text = Text(throughput, roundTrip, 0);
        return text;
    }

    // 0 where nothing is known, else from 1: the step below.
    private static int StepOf(double ratio, int steps) => ratio < 1 ? ratio > 0 ? 1 : 0 : 1 + Math.Min((int)(Math.Log2(ratio) * StepsAnOctave), steps - 1);

    private string Text(int throughput, int roundTrip, long waited)
    {
        var text = $"\"{name}\"";
        // The spec asks for hundreds of kb/s; below one, none would be left.
        if (throughput > 0) text += string.Create(CultureInfo.InvariantCulture, $";etp={Math.Max(100, Math.Round(Value(throughput) * LeastThroughput / 100) * 100):0}");
        if (roundTrip > 0) text += string.Create(CultureInfo.InvariantCulture, $";rtt={Math.Max(1, Value(roundTrip)):0}");
        return waited > 0 ? string.Create(CultureInfo.InvariantCulture, $"{text};rd={waited}") : text;
    }

    private static double Value(int step) => Math.Pow(2, (step - 1) / (double)StepsAnOctave);
}
