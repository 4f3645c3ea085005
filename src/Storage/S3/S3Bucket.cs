using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Util;
using Amazon.S3;
using Amazon.S3.Model;

namespace Movento.Storage.S3;

/// <summary>
/// The calls of the S3 protocol that Movento makes, on one bucket. The only file that knows the SDK: another client of the protocol
/// replaces this file and nothing else (docs/decisions/0001-packages-that-could-not-be-had.md). Every failure leaves as an
/// <see cref="ObjectStoreException"/>.
/// </summary>
internal sealed class S3Bucket : IDisposable
{
    // After the first try; what still fails then is for the caller, who knows what can wait.
    private const int Retries = 2;

    // Long enough for a part of a put over a slow line, short enough that a dead store is noticed.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _where;
    private readonly Protocol _protocol;

    public S3Bucket(S3StorageOptions options)
    {
        _bucket = options.Bucket;
        _protocol = options.Endpoint.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? Protocol.HTTP : Protocol.HTTPS;
        _where = $"bucket {options.Bucket} at {options.Endpoint}";
        _client = new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), new AmazonS3Config
        {
            ServiceURL = options.Endpoint,
            AuthenticationRegion = options.Region,
            ForcePathStyle = true, // MinIO knows its buckets by path, unless it has a domain of its own
            // The SDK's default checksums and chunked signatures are newer than many servers of the protocol.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = Retries,
            Timeout = Timeout,
        });
        _client.BeforeRequestEvent += WriteCopySourcePlainly;
    }

    /// <summary>Whether the bucket exists.</summary>
    public Task<bool> ExistsAsync(CancellationToken cancellationToken) => CallAsync("Looking for the", async () =>
    {
        try
        {
            await _client.HeadBucketAsync(new HeadBucketRequest { BucketName = _bucket }, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }, cancellationToken);

    /// <summary>Makes the bucket; without effect if it is there, be it ours or not.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) => CallAsync("Making the", async () =>
    {
        try
        {
            return await _client.PutBucketAsync(new PutBucketRequest { BucketName = _bucket }, cancellationToken);
        }
        catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.Conflict)
        {
            return null;
        }
    }, cancellationToken);

    /// <summary>Stores an object in one request and returns its ETag.</summary>
    public async Task<string> PutAsync(string key, ArraySegment<byte> content, string contentType, CancellationToken cancellationToken)
    {
        using var body = ReadOnly(content);
        return await PutAsync(key, body, contentType, cancellationToken);
    }

    /// <summary>Stores an object in one request from a seekable stream and returns its ETag.</summary>
    public Task<string> PutAsync(string key, Stream body, string contentType, CancellationToken cancellationToken) =>
        CallAsync($"Putting {key} into the", async () =>
        {
            var response = await _client.PutObjectAsync(new PutObjectRequest
            {
                BucketName = _bucket,
                Key = key,
                ContentType = contentType,
                InputStream = body,
                AutoCloseStream = false,
                UseChunkEncoding = false,
            }, cancellationToken);
            return Unquoted(response.ETag);
        }, cancellationToken);

    /// <summary>Starts a put of several parts and returns the upload's id.</summary>
    public Task<string> StartUploadAsync(string key, string contentType, CancellationToken cancellationToken) =>
        CallAsync($"Starting to put {key} into the", async () =>
        {
            var response = await _client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest
            {
                BucketName = _bucket,
                Key = key,
                ContentType = contentType,
            }, cancellationToken);
            return response.UploadId;
        }, cancellationToken);

    /// <summary>Sends part <paramref name="number"/>, counted from 1, and returns its ETag.</summary>
    public async Task<string> PutPartAsync(
        string key, string uploadId, int number, ArraySegment<byte> content, CancellationToken cancellationToken)
    {
        using var body = ReadOnly(content);
        return await PutPartAsync(key, uploadId, number, body, cancellationToken);
    }

    /// <summary>Sends part <paramref name="number"/>, counted from 1, from a seekable stream, and returns its ETag.</summary>
    public Task<string> PutPartAsync(string key, string uploadId, int number, Stream body, CancellationToken cancellationToken) =>
        CallAsync($"Putting part {number} of {key} into the", async () =>
        {
            var response = await _client.UploadPartAsync(new UploadPartRequest
            {
                BucketName = _bucket,
                Key = key,
                UploadId = uploadId,
                PartNumber = number,
                PartSize = body.Length,
                InputStream = body,
                UseChunkEncoding = false,
            }, cancellationToken);
            return response.ETag;
        }, cancellationToken);

    /// <summary>Copies an object of at most 5 GB, with its content type, and returns the copy's ETag; null where there is none.</summary>
    public Task<string?> CopyAsync(string from, string to, CancellationToken cancellationToken) =>
        CallAsync<string?>($"Copying {from} to {to} in the", async () =>
        {
            try
            {
                var response = await _client.CopyObjectAsync(new CopyObjectRequest
                {
                    SourceBucket = _bucket,
                    SourceKey = from,
                    DestinationBucket = _bucket,
                    DestinationKey = to,
                    MetadataDirective = S3MetadataDirective.COPY,
                }, cancellationToken);
                return Unquoted(response.ETag);
            }
            catch (AmazonS3Exception error) when (MeansNoKey(error))
            {
                return null;
            }
        }, cancellationToken);

    /// <summary>Makes the bytes from <paramref name="first"/> to <paramref name="last"/> of an object part <paramref name="number"/>; returns its ETag.</summary>
    public Task<string> CopyPartAsync(string from, string to, string uploadId, int number, long first, long last, CancellationToken cancellationToken) =>
        CallAsync($"Copying part {number} of {from} to {to} in the", async () =>
        {
            var response = await _client.CopyPartAsync(new CopyPartRequest
            {
                SourceBucket = _bucket,
                SourceKey = from,
                DestinationBucket = _bucket,
                DestinationKey = to,
                UploadId = uploadId,
                PartNumber = number,
                FirstByte = first,
                LastByte = last,
            }, cancellationToken);
            return response.ETag;
        }, cancellationToken);

    /// <summary>Makes the parts, in order, the object; returns its ETag.</summary>
    public Task<string> CompleteUploadAsync(
        string key, string uploadId, IReadOnlyList<string> partETags, CancellationToken cancellationToken) =>
        CompleteUploadAsync(key, uploadId, [.. partETags.Select((etag, index) => (index + 1, etag))], cancellationToken);

    /// <summary>Makes these parts the object, whatever others were sent; returns its ETag.</summary>
    public Task<string> CompleteUploadAsync(
        string key, string uploadId, IReadOnlyList<(int Number, string ETag)> parts, CancellationToken cancellationToken) =>
        CallAsync($"Completing {key} in the", async () =>
        {
            var response = await _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
            {
                BucketName = _bucket,
                Key = key,
                UploadId = uploadId,
                PartETags = [.. parts.Select(part => new PartETag(part.Number, part.ETag))],
            }, cancellationToken);
            return Unquoted(response.ETag);
        }, cancellationToken);

    /// <summary>Drops an upload and its parts; without effect if there is none (any more).</summary>
    public Task AbortUploadAsync(string key, string uploadId, CancellationToken cancellationToken) =>
        CallAsync($"Dropping the put of {key} into the", async () =>
        {
            try
            {
                return await _client.AbortMultipartUploadAsync(
                    new AbortMultipartUploadRequest { BucketName = _bucket, Key = key, UploadId = uploadId }, cancellationToken);
            }
            catch (AmazonS3Exception error) when (
                (error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode is not "NoSuchBucket") || error.StatusCode == HttpStatusCode.NotImplemented)
            {
                // A server that cannot drop uploads expires them.
                return null;
            }
        }, cancellationToken);

    /// <summary>A URL by which whoever has it may PUT one part, until <paramref name="expires"/>.</summary>
    public Task<Uri> PartUrlAsync(string key, string uploadId, int number, DateTime expires, CancellationToken cancellationToken) =>
        CallAsync($"Signing part {number} of {key} for the", async () => new Uri(await _client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = _bucket,
            Key = key,
            Verb = HttpVerb.PUT,
            UploadId = uploadId,
            PartNumber = number,
            Expires = expires,
            Protocol = _protocol,
        })), cancellationToken);

    /// <summary>The object's facts, or null where there is none.</summary>
    public Task<S3Object?> HeadAsync(string key, CancellationToken cancellationToken) =>
        CallAsync<S3Object?>($"Looking for {key} in the", async () =>
        {
            try
            {
                var response = await _client.GetObjectMetadataAsync(
                    new GetObjectMetadataRequest { BucketName = _bucket, Key = key }, cancellationToken);
                return new S3Object(key, response.ContentLength, Unquoted(response.ETag)) { ContentType = response.Headers.ContentType };
            }
            catch (AmazonS3Exception error) when (MeansNoKey(error))
            {
                return null;
            }
        }, cancellationToken);

    /// <summary>
    /// The object's bytes from <paramref name="offset"/> on, at most <paramref name="length"/>; null where there is no object,
    /// an empty stream where it ends before <paramref name="offset"/>.
    /// </summary>
    public Task<Stream?> OpenRangeAsync(string key, long offset, long length, CancellationToken cancellationToken)
    {
        var last = offset > long.MaxValue - length ? long.MaxValue : offset + length - 1;
        return GetAsync(key, new ByteRange(offset, last), length, cancellationToken);
    }

    /// <summary>All of the object's bytes, or null where there is no object.</summary>
    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken) => GetAsync(key, range: null, long.MaxValue, cancellationToken);

    /// <summary>Removes the object; without one, does nothing.</summary>
    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        CallAsync($"Deleting {key} from the", () => _client.DeleteObjectAsync(
            new DeleteObjectRequest { BucketName = _bucket, Key = key }, cancellationToken), cancellationToken);

    /// <summary>A page of the keys that begin with <paramref name="prefix"/>, and where the next one starts, if there is one.</summary>
    public Task<(IReadOnlyList<S3Object> Objects, string? Next)> ListAsync(
        string prefix, string? from, CancellationToken cancellationToken) =>
        CallAsync($"Listing {prefix} of the", async () =>
        {
            var response = await _client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = _bucket, Prefix = prefix, ContinuationToken = from }, cancellationToken);
            IReadOnlyList<S3Object> objects =
                [.. (response.S3Objects ?? []).Select(item => new S3Object(item.Key, item.Size ?? 0, Unquoted(item.ETag)))];
            return (objects, response.IsTruncated == true ? response.NextContinuationToken : null);
        }, cancellationToken);

    public void Dispose() => _client.Dispose();

    private Task<Stream?> GetAsync(string key, ByteRange? range, long limit, CancellationToken cancellationToken) =>
        CallAsync<Stream?>($"Reading {key} from the", async () =>
        {
            try
            {
                var response = await _client.GetObjectAsync(
                    new GetObjectRequest { BucketName = _bucket, Key = key, ByteRange = range }, cancellationToken);
                return new S3Body(WithoutHashing(response.ResponseStream), response, $"Reading {key} from the {_where}", Timeout, limit);
            }
            catch (AmazonS3Exception error) when (error.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return Stream.Null;
            }
            catch (AmazonS3Exception error) when (MeansNoKey(error))
            {
                return null;
            }
        }, cancellationToken);

    // The SDK encodes the slashes of a copy's source too, which some servers of the protocol do not read. A key has no character that needs it.
    private static void WriteCopySourcePlainly(object sender, RequestEventArgs arguments)
    {
        const string Header = "x-amz-copy-source";
        if (arguments is WebServiceRequestEventArgs { Headers: var headers } && headers.TryGetValue(Header, out var source))
            headers[Header] = Uri.UnescapeDataString(source);
    }

    private static MemoryStream ReadOnly(ArraySegment<byte> content) =>
        new(content.Array!, content.Offset, content.Count, writable: false);

    // The SDK puts an MD5 around whole bodies, which costs more than reading them, and copies each read. TCP and the caller's own
    // checks of what media must look like stand for the bytes.
    private static Stream WithoutHashing(Stream body) => body is WrapperStream wrapper ? wrapper.GetNonWrapperBaseStream() : body;

    private static string Unquoted(string etag) => etag.Trim('"');

    // The answer to a HEAD has no body, so no code but its status.
    private static bool MeansNoKey(AmazonS3Exception error) =>
        error.StatusCode == HttpStatusCode.NotFound && error.ErrorCode is not "NoSuchBucket";

    private async Task<T> CallAsync<T>(string what, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (AmazonServiceException error) when (error.StatusCode != 0 && error.InnerException is not HttpRequestException and not IOException)
        {
            throw Refusal($"{what} {_where}", error);
        }
        catch (Exception error) when (error is AmazonClientException or AmazonServiceException or HttpRequestException or IOException
            or OperationCanceledException)
        {
            throw S3Fault.NoAnswer($"{what} {_where}", error);
        }
    }

    // A server that answered with an error.
    private static ObjectStoreException Refusal(string what, AmazonServiceException error) => new(
        $"{what}: {(int)error.StatusCode} {error.ErrorCode}: {error.Message}",
        S3Fault.IsTransient(error.StatusCode, error.ErrorCode), error)
    {
        IsFull = S3Fault.MeansFull(error.StatusCode, error.ErrorCode),
    };
}
