import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pghistory.utils
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('publisher', models.CharField(blank=True, max_length=200, verbose_name='utgivare')),
                ('title', models.CharField(max_length=300, verbose_name='rubrik')),
                ('kind', models.CharField(choices=[('news', 'nyhet'), ('web_page', 'webbsida'), ('document', 'handling'), ('register', 'register'), ('scraped', 'insamlad sida utan känd avsändare')], max_length=20, verbose_name='slag')),
                ('address', models.URLField(blank=True, max_length=500, verbose_name='adress')),
                ('retrieved_on', models.DateField(blank=True, null=True, verbose_name='hämtad')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='anmärkning')),
                ('huvudman_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('published_date', models.DateField(blank=True, editable=False, null=True, verbose_name='publicerad, första dag')),
                ('published_precision', models.CharField(choices=[('day', 'dag'), ('month', 'månad'), ('term', 'termin'), ('year', 'år'), ('unknown', 'okänt')], default='unknown', editable=False, max_length=7, verbose_name='publicerad, noggrannhet')),
                ('published_text', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='publicerad, källans ord')),
                ('updated_date', models.DateField(blank=True, editable=False, null=True, verbose_name='uppdaterad eller granskad, första dag')),
                ('updated_precision', models.CharField(choices=[('day', 'dag'), ('month', 'månad'), ('term', 'termin'), ('year', 'år'), ('unknown', 'okänt')], default='unknown', editable=False, max_length=7, verbose_name='uppdaterad eller granskad, noggrannhet')),
                ('updated_text', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='uppdaterad eller granskad, källans ord')),
            ],
            options={
                'verbose_name': 'källa',
                'verbose_name_plural': 'källor',
                'ordering': ['publisher', 'title', 'pk'],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['huvudman_ids'], name='source_huvudman_ids')],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_precision__in', ['day', 'month', 'term', 'year', 'unknown'])), name='source_published_precision', violation_error_message='Noggrannheten ska vara dag, månad, termin, år eller okänt.'), models.CheckConstraint(condition=models.Q(models.Q(('published_date__isnull', True), ('published_precision', 'unknown')), models.Q(models.Q(('published_precision', 'unknown'), _negated=True), ('published_date__isnull', False)), _connector='OR'), name='source_published_known', violation_error_message='Ett datum behöver en noggrannhet, och ett okänt datum har ingen dag.'), models.CheckConstraint(condition=models.Q(('published_precision__in', ['day', 'unknown']), models.Q(('published_date__day', 1), ('published_precision', 'month')), models.Q(('published_date__day', 1), ('published_date__month__in', [1, 7]), ('published_precision', 'term')), models.Q(('published_date__day', 1), ('published_date__month', 1), ('published_precision', 'year')), _connector='OR'), name='source_published_first_day', violation_error_message='En månad, termin eller ett år anges med sin första dag.'), models.CheckConstraint(condition=models.Q(('updated_precision__in', ['day', 'month', 'term', 'year', 'unknown'])), name='source_updated_precision', violation_error_message='Noggrannheten ska vara dag, månad, termin, år eller okänt.'), models.CheckConstraint(condition=models.Q(models.Q(('updated_date__isnull', True), ('updated_precision', 'unknown')), models.Q(models.Q(('updated_precision', 'unknown'), _negated=True), ('updated_date__isnull', False)), _connector='OR'), name='source_updated_known', violation_error_message='Ett datum behöver en noggrannhet, och ett okänt datum har ingen dag.'), models.CheckConstraint(condition=models.Q(('updated_precision__in', ['day', 'unknown']), models.Q(('updated_date__day', 1), ('updated_precision', 'month')), models.Q(('updated_date__day', 1), ('updated_date__month__in', [1, 7]), ('updated_precision', 'term')), models.Q(('updated_date__day', 1), ('updated_date__month', 1), ('updated_precision', 'year')), _connector='OR'), name='source_updated_first_day', violation_error_message='En månad, termin eller ett år anges med sin första dag.'), models.CheckConstraint(condition=models.Q(('kind__in', ['news', 'web_page', 'document', 'register', 'scraped'])), name='source_kind_known', violation_error_message='Välj ett av alternativen.')],
            },
        ),
        migrations.CreateModel(
            name='SourceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('superseded_at', models.DateTimeField(editable=False, null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('publisher', models.CharField(blank=True, max_length=200, verbose_name='utgivare')),
                ('title', models.CharField(max_length=300, verbose_name='rubrik')),
                ('kind', models.CharField(choices=[('news', 'nyhet'), ('web_page', 'webbsida'), ('document', 'handling'), ('register', 'register'), ('scraped', 'insamlad sida utan känd avsändare')], max_length=20, verbose_name='slag')),
                ('address', models.URLField(blank=True, max_length=500, verbose_name='adress')),
                ('retrieved_on', models.DateField(blank=True, null=True, verbose_name='hämtad')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='anmärkning')),
                ('huvudman_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('published_date', models.DateField(blank=True, editable=False, null=True, verbose_name='publicerad, första dag')),
                ('published_precision', models.CharField(choices=[('day', 'dag'), ('month', 'månad'), ('term', 'termin'), ('year', 'år'), ('unknown', 'okänt')], default='unknown', editable=False, max_length=7, verbose_name='publicerad, noggrannhet')),
                ('published_text', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='publicerad, källans ord')),
                ('updated_date', models.DateField(blank=True, editable=False, null=True, verbose_name='uppdaterad eller granskad, första dag')),
                ('updated_precision', models.CharField(choices=[('day', 'dag'), ('month', 'månad'), ('term', 'termin'), ('year', 'år'), ('unknown', 'okänt')], default='unknown', editable=False, max_length=7, verbose_name='uppdaterad eller granskad, noggrannhet')),
                ('updated_text', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='uppdaterad eller granskad, källans ord')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='event_bases', to='audit.source')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='ändrad')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('subject_id', models.BigIntegerField(blank=True, editable=False, null=True)),
                ('what', models.CharField(choices=[('term_number', 'terminens nummer'), ('since', 'med sedan'), ('head_count', 'antal personer'), ('coverage', 'enheter på plats'), ('purpose', 'syfte'), ('selection', 'urvalsgrund'), ('support', 'stöd'), ('cadence', 'hur ofta träffarna hålls'), ('participants', 'vilka som deltar'), ('duration', 'hur länge det pågår'), ('expectation', 'förväntan'), ('assessment', 'bedömning'), ('event', 'händelse'), ('other', 'annat')], max_length=20, verbose_name='gäller')),
                ('value', models.JSONField(blank=True, default=dict, verbose_name='värde')),
                ('text', models.TextField(max_length=2000, verbose_name='med källans ord eller kort')),
                ('trust', models.CharField(choices=[('confirmed', 'bekräftad'), ('stated', 'uppgiven'), ('derived', 'härledd'), ('unverified', 'ej granskad')], max_length=12, verbose_name='säkerhet')),
                ('reasoning', models.TextField(blank=True, max_length=2000, verbose_name='så är den härledd')),
                ('review', models.CharField(choices=[('waiting', 'väntar på granskning'), ('accepted', 'godtagen'), ('rejected', 'avvisad')], default='waiting', max_length=10, verbose_name='granskning')),
                ('review_reason', models.TextField(blank=True, max_length=1000, verbose_name='motivering')),
                ('reviewed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='granskad')),
                ('huvudman_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('as_of_date', models.DateField(blank=True, editable=False, null=True, verbose_name='gäller per, första dag')),
                ('as_of_precision', models.CharField(choices=[('day', 'dag'), ('month', 'månad'), ('term', 'termin'), ('year', 'år'), ('unknown', 'okänt')], default='unknown', editable=False, max_length=7, verbose_name='gäller per, noggrannhet')),
                ('as_of_text', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='gäller per, källans ord')),
                ('reviewed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='granskad av')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='audit.source', verbose_name='källa')),
                ('subject_type', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='contenttypes.contenttype')),
            ],
            options={
                'verbose_name': 'uppgift',
                'verbose_name_plural': 'uppgifter',
                'ordering': ['source_id', 'pk'],
                'abstract': False,
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['huvudman_ids'], name='statement_huvudman_ids'), models.Index(fields=['subject_type', 'subject_id'], name='statement_subject'), models.Index(fields=['review', 'id'], name='statement_review')],
                'constraints': [models.CheckConstraint(condition=models.Q(('as_of_precision__in', ['day', 'month', 'term', 'year', 'unknown'])), name='statement_as_of_precision', violation_error_message='Noggrannheten ska vara dag, månad, termin, år eller okänt.'), models.CheckConstraint(condition=models.Q(models.Q(('as_of_date__isnull', True), ('as_of_precision', 'unknown')), models.Q(models.Q(('as_of_precision', 'unknown'), _negated=True), ('as_of_date__isnull', False)), _connector='OR'), name='statement_as_of_known', violation_error_message='Ett datum behöver en noggrannhet, och ett okänt datum har ingen dag.'), models.CheckConstraint(condition=models.Q(('as_of_precision__in', ['day', 'unknown']), models.Q(('as_of_date__day', 1), ('as_of_precision', 'month')), models.Q(('as_of_date__day', 1), ('as_of_date__month__in', [1, 7]), ('as_of_precision', 'term')), models.Q(('as_of_date__day', 1), ('as_of_date__month', 1), ('as_of_precision', 'year')), _connector='OR'), name='statement_as_of_first_day', violation_error_message='En månad, termin eller ett år anges med sin första dag.'), models.CheckConstraint(condition=models.Q(models.Q(('subject_id__isnull', True), ('subject_type__isnull', True)), models.Q(('subject_id__isnull', False), ('subject_type__isnull', False)), _connector='OR'), name='statement_subject_whole'), models.CheckConstraint(condition=models.Q(('trust__in', ['confirmed', 'stated', 'derived', 'unverified'])), name='statement_trust_known', violation_error_message='Välj ett av alternativen.'), models.CheckConstraint(condition=models.Q(('what__in', ['term_number', 'since', 'head_count', 'coverage', 'purpose', 'selection', 'support', 'cadence', 'participants', 'duration', 'expectation', 'assessment', 'event', 'other'])), name='statement_what_known', violation_error_message='Välj ett av alternativen.'), models.CheckConstraint(condition=models.Q(('review__in', ['waiting', 'accepted', 'rejected'])), name='statement_review_known', violation_error_message='Välj ett av alternativen.'), models.CheckConstraint(condition=models.Q(models.Q(('trust', 'derived'), _negated=True), models.Q(('reasoning', ''), _negated=True), _connector='OR'), name='statement_derived_has_reasoning', violation_error_message='Skriv hur uppgiften är härledd.'), models.CheckConstraint(condition=models.Q(models.Q(('review', 'rejected'), _negated=True), models.Q(('review_reason', ''), _negated=True), _connector='OR'), name='statement_rejected_has_reason', violation_error_message='Skriv varför uppgiften avvisas.')],
            },
        ),
        migrations.CreateModel(
            name='StatementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('superseded_at', models.DateTimeField(editable=False, null=True)),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, verbose_name='id')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='skapad')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('subject_id', models.BigIntegerField(blank=True, editable=False, null=True)),
                ('what', models.CharField(choices=[('term_number', 'terminens nummer'), ('since', 'med sedan'), ('head_count', 'antal personer'), ('coverage', 'enheter på plats'), ('purpose', 'syfte'), ('selection', 'urvalsgrund'), ('support', 'stöd'), ('cadence', 'hur ofta träffarna hålls'), ('participants', 'vilka som deltar'), ('duration', 'hur länge det pågår'), ('expectation', 'förväntan'), ('assessment', 'bedömning'), ('event', 'händelse'), ('other', 'annat')], max_length=20, verbose_name='gäller')),
                ('value', models.JSONField(blank=True, default=dict, verbose_name='värde')),
                ('text', models.TextField(max_length=2000, verbose_name='med källans ord eller kort')),
                ('trust', models.CharField(choices=[('confirmed', 'bekräftad'), ('stated', 'uppgiven'), ('derived', 'härledd'), ('unverified', 'ej granskad')], max_length=12, verbose_name='säkerhet')),
                ('reasoning', models.TextField(blank=True, max_length=2000, verbose_name='så är den härledd')),
                ('review', models.CharField(choices=[('waiting', 'väntar på granskning'), ('accepted', 'godtagen'), ('rejected', 'avvisad')], default='waiting', max_length=10, verbose_name='granskning')),
                ('review_reason', models.TextField(blank=True, max_length=1000, verbose_name='motivering')),
                ('reviewed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='granskad')),
                ('huvudman_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('as_of_date', models.DateField(blank=True, editable=False, null=True, verbose_name='gäller per, första dag')),
                ('as_of_precision', models.CharField(choices=[('day', 'dag'), ('month', 'månad'), ('term', 'termin'), ('year', 'år'), ('unknown', 'okänt')], default='unknown', editable=False, max_length=7, verbose_name='gäller per, noggrannhet')),
                ('as_of_text', models.CharField(blank=True, default='', editable=False, max_length=200, verbose_name='gäller per, källans ord')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='event_bases', to='audit.statement')),
                ('reviewed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='granskad av')),
                ('source', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='audit.source', verbose_name='källa')),
                ('subject_type', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
