using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Logging;
using Npgsql;

namespace Movento.Tests.Logging;

public sealed class JsonLineFormatterTests
{
    [Fact]
    public void Exception_OfADatabaseThatIsAway_IsToldWithoutItsStack()
    {
        var line = Line(Thrown(new InvalidOperationException("The queue.", new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)))));

        Assert.StartsWith("System.InvalidOperationException: The queue. ---> Npgsql.NpgsqlException: Failed to connect ---> System.Net.Sockets.SocketException: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(Thrown), line, StringComparison.Ordinal);
    }

    [Fact]
    public void Exception_ThatNobodyExpected_IsToldWithItsStack() =>
        Assert.Contains(nameof(Thrown), Line(Thrown(new InvalidOperationException("No.", new NpgsqlException("A mistake in the statement")))), StringComparison.Ordinal);

    private static string Line(Exception exception)
    {
        using var text = new StringWriter();
        new JsonLineFormatter().Write(new LogEntry<string>(LogLevel.Error, "Tests", new EventId(1), "state", exception, (_, _) => "sentence"), null, text);
        return JsonDocument.Parse(text.ToString()).RootElement.GetProperty("Exception").GetString()!;
    }

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception thrown) when (thrown == exception)
        {
            return thrown;
        }
    }
}
