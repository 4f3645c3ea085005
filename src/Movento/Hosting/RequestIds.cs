using System.Security.Cryptography;
using Movento.Logging;

namespace Movento.Hosting;

/// <summary>Gives each request a name: 32 hexadecimal digits that nobody chooses, in the header <c>X-Request-Id</c> of its answer, in problem details, and in
/// every line that is logged meanwhile.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-Id";

    public static void UseRequestIds(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(RequestIds).FullName!);
        app.Use(async (context, next) =>
        {
            context.TraceIdentifier = RandomNumberGenerator.GetHexString(32, lowercase: true);
            using (logger.BeginScope(new RequestScope(context.TraceIdentifier))) await next(context);
        });
    }
}
