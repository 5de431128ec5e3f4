using FisherFlow.Data.Design;
using FisherFlow.Data.Formulas;
using FisherFlow.Data.Sources;
using FisherFlow.Inference;
using FisherFlow.Models;
using FisherFlow.Optimisation;

namespace FisherFlow.Data;

/// <summary>A model trained on delimited data by a method of the trajectory regime: it predicts, and it has no standard errors.</summary>
/// <remarks><see cref="Regression"/> is its counterpart in the converged regime. Threads: one caller at a time. Memory: that of the method's structure.</remarks>
public sealed partial class Training
{
    readonly DesignEncoder _encoder;
    readonly IModel _model;
    readonly Trainer _trainer;
    readonly List<SourceRecord> _sources = [];
    double? _loss;
    double? _lastLoss;
    int _passes;

    Training(string formula, TrainingOptions options, DesignEncoder encoder, string createdBy)
    {
        (Formula, Options, _encoder, CreatedBy) = (formula, options, encoder, createdBy);
        _model = ModelFactory.Create(options.Data.Model);
        _trainer = NewTrainer(_model, options);
    }

    /// <summary>The formula, as written.</summary>
    public string Formula { get; }

    /// <summary>What was asked for.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The names of the design columns.</summary>
    public DesignSchema Schema => _encoder.Schema;

    /// <summary>Rows that were rejected, by reason, with the first few in full.</summary>
    public RejectionLog Rejections { get; private set; } = new();

    /// <summary>The version that wrote the state first.</summary>
    public string CreatedBy { get; }

    /// <summary>Trains a formula on a source.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="formula">As in R: <c>y ~ x + g</c>.</param>
    /// <param name="options">Model, method, batch and passes.</param>
    /// <param name="progress">Hears of the progress, or null.</param>
    /// <param name="cancel">Stops the training.</param>
    /// <exception cref="FormulaException">The formula cannot be read.</exception>
    /// <exception cref="ArgumentException">There is no such method, or the model is none for it.</exception>
    /// <exception cref="DataException">The data cannot be read or do not fit the model, or the steps diverged.</exception>
    public static Training Fit(DataSource source, string formula, TrainingOptions options, IProgress<FitProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Epochs > 1 && !source.CanReread) { throw new NotSupportedException("several epochs read the data several times, and standard input can be read only once; save it to a file, or train for one epoch"); }
        var parsed = Formulas.Formula.Parse(formula);
        options = options with { Data = options.Data.For(parsed) };
        _ = NewTrainer(ModelFactory.Create(options.Data.Model), options);   // a wrong method is told before a file is opened
        var reader = source.Open();
        Training training;
        try
        {
            training = new(formula, options, DesignEncoder.Create(parsed, reader.Profile(), options.Data.ToDesign()), Version.Producer);
        }
        catch
        {
            reader.Dispose();
            throw;
        }
        training.Learn(source, reader, progress, cancel);
        for (var epoch = 2; epoch <= options.Epochs; epoch++) { training.LearnAgain(source, progress, cancel); }
        training.RequireOnItsWay();
        return training;
    }

    /// <summary>The estimates and how they came about; regime trajectory, so without standard errors.</summary>
    /// <param name="references">Reference levels by factor, over those of the training.</param>
    public FitResult Report(IReadOnlyDictionary<string, string>? references = null)
    {
        var chosen = new Dictionary<string, string>(Options.Data.References);
        foreach (var (factor, level) in references ?? new Dictionary<string, string>()) { chosen[factor] = level; }
        var identification = new Identification(Schema, _model, chosen);
        var theta = ReferenceCoding.Apply(Schema, _model, identification, Wide(identification.Shape));
        var responses = _trainer.Responses;
        var rows = responses.Observations;
        return new()
        {
            Formula = Formula,
            Family = ModelNames.Name(Options.Data.Model.Family),
            Link = ModelNames.Name(ModelNames.Resolve(Options.Data.Model)),
            Method = Options.Epochs == 1 ? "one-pass" : "epochs",
            Regime = Regime.Trajectory,
            Coefficients = [.. identification.Free.Select((p, i) => Line(p, theta[i]))],
            CovarianceMatrix = new double[0, 0],
            Covariance = CovarianceKind.Model,
            Level = 0.95,
            Dispersion = null,
            DispersionEstimated = _model.EstimatesDispersion,
            LogLikelihood = null,
            NullDeviance = _model.NullDeviance(responses, Schema.HasIntercept, 0),
            NullDegreesOfFreedom = rows - (Schema.HasIntercept ? 1 : 0),
            Deviance = null,
            PearsonChiSquared = null,
            Aic = null,
            Bic = null,
            Observations = rows,
            RowsRejected = Rejections.Count,
            EffectiveObservations = responses.SquaredWeight > 0 ? responses.Weight * responses.Weight / responses.SquaredWeight : null,
            ResidualDegreesOfFreedom = rows - identification.Free.Count,
            Rank = identification.Free.Count,
            ConditionNumber = null,
            Iterations = (int)Math.Min(int.MaxValue, _trainer.Steps),
            Passes = _passes,
            Converged = false,
            ScoreGauge = null,
            DistanceBound = null,
            References = identification.References,
            Training = new(Options.Name, _trainer.Method.Description, Options.BatchRows, _passes, _trainer.Steps, _trainer.Failures, _loss, _lastLoss, NullLoss),
            Warnings = [.. Rejections.Describe(), .. _encoder.Warnings, .. Concerns()],
        };
    }

    IEnumerable<string> Concerns()
    {
        if (_trainer.Failures > 0) { yield return $"{_trainer.Failures} of {_trainer.Steps + _trainer.Failures} batches moved nothing: their likelihood or their step was not finite"; }
        if (_lastLoss > NullLoss) { yield return "at the end a constant would have predicted better: another step (larger where the loss still falls), more epochs or columns on a common scale may help"; }
    }

    static Trainer NewTrainer(IModel model, TrainingOptions options)
    {
        var method = options.CreateMethod();
        if (model.HasAuxiliary) { throw new ArgumentException("the negative binomial estimates its θ beside the coefficients, which steps along a score do not: leave --preset out, or use --family poisson"); }
        if (model is Models.Distributions.DistributionalModel) { throw new ArgumentException("a distribution with a formula for each parameter is fitted in one pass: leave --preset out"); }
        return new(model, method, options.BatchRows);
    }

    ReferenceLoss Reference => ReferenceLoss.Of(_model, _trainer.Responses, Schema.HasIntercept);

    double? NullLoss => _trainer.Responses.Observations == 0 ? null : Reference.Constant;

    /// <summary>θ under the schema's sizes, which may have grown ahead of the blocks learned.</summary>
    double[] Wide(in ModelShape shape) => PointPredictor.Widen(_model, _trainer.Shape, _trainer.Theta, shape);

    Coefficient Line(in FreeParameter parameter, double estimate) => new()
    {
        Term = parameter.Column >= 0 ? Schema.Name(parameter.Column) : $"{Schema.Outcomes[parameter.Outcome]}|{Schema.Outcomes[parameter.Outcome + 1]}",
        Outcome = _model.IsOrdinal || Schema.Outcomes.Count == 0 ? null : Schema.Outcomes[parameter.Outcome],
        IsCutPoint = parameter.Column < 0,
        Estimate = estimate,
        Status = CoefficientStatus.Ok,
    };
}
