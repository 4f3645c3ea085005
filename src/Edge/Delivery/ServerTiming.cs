using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Movento.Edge.Observation;

namespace Movento.Edge.Delivery;

/// <summary>
/// <c>Server-Timing</c> (W3C): where the first byte came from, and how many milliseconds it was waited for:
/// <c>cache;desc=memory</c>, <c>cache;desc=origin;dur=12</c>. Pages read it from their Resource Timing entries.
/// </summary>
internal static class ServerTiming
{
    private const string Name = "Server-Timing";

    // Waits are of the object store, whose time-out is some seconds; the rare longer one makes a string of its own.
    private const int Kept = 2048;

    private static readonly StringValues Memory = "cache;desc=memory";
    private static readonly StringValues[] Origin = new StringValues[Kept];

    public static void Apply(IHeaderDictionary response, ObservedRequest observed)
    {
        switch (observed.Tier)
        {
            case CacheTier.Memory:
                response[Name] = Memory;
                break;
            case CacheTier.Origin:
                response[Name] = FromOrigin((int)observed.Waited.TotalMilliseconds);
                break;
        }
    }

    private static StringValues FromOrigin(int milliseconds)
    {
        if ((uint)milliseconds >= Kept) return Text(milliseconds);
        // Two who make the same text at once make it twice: harmless.
        if (Origin[milliseconds].Count == 0) Origin[milliseconds] = Text(milliseconds);
        return Origin[milliseconds];
    }

    private static string Text(int milliseconds) => string.Create(CultureInfo.InvariantCulture, $"cache;desc=origin;dur={milliseconds}");
}
