using StackExchange.Redis;

namespace Movento.ControlPlane.Redis;

/// <summary>A Redis as an operator writes it: <c>redis:6379,password=…,ssl=true</c>.</summary>
public static class RedisSetting
{
    /// <summary>How to connect to it; a server that is not there yet is tried again and again.</summary>
    /// <exception cref="ArgumentException">See <see cref="Fault"/>.</exception>
    public static ConfigurationOptions Read(string setting, string clientName)
    {
        var options = ConfigurationOptions.Parse(setting);
        options.AbortOnConnectFail = false;
        options.ClientName ??= clientName;
        return options;
    }

    /// <summary>What is wrong with it; null where nothing is. Not the text: it may hold the password.</summary>
    public static string? Fault(string setting)
    {
        try
        {
            return ConfigurationOptions.Parse(setting).EndPoints.Count == 0 ? "it names no server." : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return exception.Message;
        }
    }
}
