using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Movento.Storage.Tests.S3;

/// <summary>
/// Answers as a test says, for what s3rver gets wrong or cannot be made to do. Looking for the bucket always succeeds.
/// </summary>
public sealed class ScriptedS3Server : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<string> _requests = [];

    private ScriptedS3Server(WebApplication application) => _application = application;

    /// <summary>What was asked: method, path and query of each request.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    public S3StorageOptions Options => new()
    {
        Endpoint = _application.Urls.Single(),
        AccessKey = "key",
        SecretKey = "the-secret",
    };

    public static async Task<ScriptedS3Server> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var server = new ScriptedS3Server(application);
        application.Run(context =>
        {
            if (context.Request is { Method: "HEAD", Path.Value: "/movento" or "/movento/" })
                return Task.CompletedTask;
            lock (server._requests)
                server._requests.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return answer(context);
        });
        await application.StartAsync();
        return server;
    }

    public static async Task ErrorAsync(HttpContext context, int status, string code)
    {
        context.Response.StatusCode = status;
        if (!HttpMethods.IsHead(context.Request.Method))
            await XmlAsync(context, string.Create(CultureInfo.InvariantCulture, $"<Error><Code>{code}</Code><Message>{code}.</Message></Error>"));
    }

    public static Task XmlAsync(HttpContext context, string xml)
    {
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync("""<?xml version="1.0" encoding="UTF-8"?>""" + xml);
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();
}
