using Movento.Client;
using Movento.Contracts;
using Movento.Hosting;
using Movento.Secrets;

namespace Movento.Commands;

/// <summary>
/// Who uploads: a program by its API key, somebody by their password, or else the operator of this machine. All of it comes from the environment or is asked
/// for, since others on the machine can read a command line.
/// </summary>
internal sealed class UploadIdentity
{
    private const string KeyVariable = "MOVENTO_API_KEY";
    private const string EmailVariable = "MOVENTO_EMAIL";
    private const string PasswordVariable = "MOVENTO_PASSWORD";

    private const string Scopes = ApiKeyScope.Upload + " and " + ApiKeyScope.AssetsRead;

    /// <summary>For the help.</summary>
    public const string Description =
        "With the API key " + KeyVariable + " (scopes " + Scopes + "), which is the way for programs; or as " + EmailVariable + " with " + PasswordVariable
        + ", and " + SecondFactorPrompt.CodeVariable + " where there is a second factor, each of which is asked for where it is missing; or else as the operator of the data folder.";

    /// <summary>What to do where a second factor's code is wanted, and there is nobody to ask.</summary>
    public const string WithoutACode =
        "Set " + SecondFactorPrompt.CodeVariable + " to a code of its app, or a recovery code. Programs rather use an API key, which needs neither password nor code: make one with the scopes "
        + Scopes + " on the page of the account, and set " + KeyVariable + ".";

    private readonly string _email = "";
    private readonly string _password = "";

    private UploadIdentity()
    {
    }

    private UploadIdentity(string email, string password) => (_email, _password) = (email, password);

    /// <summary>The program's key; null where somebody signs in.</summary>
    public string? ApiKey { get; private init; }

    /// <exception cref="StartException">There is nobody, or what is said cannot be.</exception>
    public static async Task<UploadIdentity> ReadAsync(DataFolder data, CancellationToken cancellationToken)
    {
        if (Variable(KeyVariable) is { } key)
        {
            return ApiKeyFormat.TryHash(key, out _)
                ? new UploadIdentity { ApiKey = key }
                : throw new StartException([$"{KeyVariable} is no API key: one begins with {ApiKeyFormat.Prefix}, and is to be whole."]);
        }

        if (Variable(EmailVariable) is { } email) return new UploadIdentity(email, Variable(PasswordVariable) ?? await AskForPasswordAsync(email, cancellationToken));
        if (!File.Exists(data.SecretsFile))
            throw new StartException([$"Nobody to upload as: set {KeyVariable}, or {EmailVariable} and {PasswordVariable}, or name the server's data folder with --data."]);
        var secrets = SecretsFile.Read(data.SecretsFile);
        return new UploadIdentity(secrets.OperatorEmail, secrets.OperatorPassword);
    }

    /// <summary>Later calls of the client are made as whom this is.</summary>
    /// <exception cref="MoventoClientException">The server refuses.</exception>
    public async Task EnterAsync(MoventoClient client, CancellationToken cancellationToken)
    {
        if (ApiKey is not null) client.UseKey(ApiKey);
        else await client.SignInAsync(_email, _password, cancellationToken, SecondFactorPrompt.AskAsync);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static async Task<string> AskForPasswordAsync(string email, CancellationToken cancellationToken)
    {
        if (!SecondFactorPrompt.IsTerminal) throw new StartException([$"{EmailVariable} is set, but not {PasswordVariable}."]);
        return await HiddenLine.AskAsync($"Password of {email}:", cancellationToken)
            ?? throw new StartException([$"No password was given for {email}."]);
    }
}
