using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Movento.Edge.Connections;
using Movento.Edge.Observation;

namespace Movento.Edge.Delivery;

/// <summary>
/// Common Media Server Data (CTA-5006), where <see cref="EdgeOptions.Cmsd"/> asks for it: <c>CMSD-Static</c> says what a representation is,
/// <c>CMSD-Dynamic</c> what its way to the client is like: estimated throughput and round trip as the kernel knows them, and the time that the first byte took.
/// </summary>
internal sealed class ServerData(EdgeOptions options)
{
    private const string Static = "CMSD-Static";
    private const string Dynamic = "CMSD-Dynamic";

    private readonly DynamicServerData _texts = new(options.CmsdName);

    public void Apply(HttpContext context, Representation representation, ObservedRequest observed)
    {
        if (!options.Cmsd) return;
        var headers = context.Response.Headers;
        headers[Static] = representation.ServerData;
        var estimate = context.Features.Get<IConnectionSocketFeature>() is { } connection ? TcpEstimate.Of(connection.Socket) : default;
        headers[Dynamic] = _texts.Of(estimate, observed.Waited);
    }

    /// <summary>The static data of what has a media type: object type, streaming format where it has one, and that all of it is there.</summary>
    /// <param name="contentType">See <see cref="ContentTypes"/>.</param>
    public static string Describe(string contentType) => contentType switch
    {
        ContentTypes.Hls => "ot=m,sf=h,st=v",
        ContentTypes.Dash => "ot=m,sf=d,st=v",
        ContentTypes.Video => "ot=v,st=v",
        ContentTypes.Audio => "ot=a,st=v",
        ContentTypes.Text => "ot=tt,st=v",
        ContentTypes.WebVtt => "ot=c,st=v",
        _ => "ot=o",
    };

    /// <summary>As <see cref="Describe(string)"/>, with the peak bit rate in kb/s.</summary>
    /// <param name="contentType">See <see cref="ContentTypes"/>.</param>
    /// <param name="bitrate">Bits a second.</param>
    public static string Describe(string contentType, long bitrate) =>
        string.Create(CultureInfo.InvariantCulture, $"br={(bitrate + 500) / 1000},{Describe(contentType)}");
}
